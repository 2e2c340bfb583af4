import * as z from "zod";

export const outputKinds = ["image", "animation", "video", "audio", "text", "model", "file"] as const;
export const outputKindSchema = z.enum(outputKinds);
export type OutputKind = z.infer<typeof outputKindSchema>;

/** A file that a job produced, as its owner sees it. `url` and `thumbnailUrl` are paths on our own origin. */
export const outputSchema = z.object({
  outputId: z.string(),
  jobId: z.string(),
  kind: outputKindSchema,
  mimeType: z.string(),
  url: z.string(),
  thumbnailUrl: z.string().nullable(),
  /** Pixels; null for what has none. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** How long a film or sound is; left out for everything else, and where its file does not say. */
  durationSeconds: z.number().optional(),
  sizeBytes: z.number().int(),
  /** The seed the picture was made with; null if the workflow has none. */
  seed: z.number().int().nullable(),
  /** Whether its owner marked it as a favorite. Events from before there were any do not say. */
  favorite: z.boolean().default(false),
});
export type Output = z.infer<typeof outputSchema>;

/** An output node of the workflow that made nothing in a run that succeeded all the same, and why, in words. */
export const missingOutputSchema = z.object({ nodeId: z.string(), nodeTitle: z.string(), message: z.string() });
export type MissingOutput = z.infer<typeof missingOutputSchema>;
