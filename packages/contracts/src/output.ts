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
  sizeBytes: z.number().int(),
  /** The seed the picture was made with; null if the workflow has none. */
  seed: z.number().int().nullable(),
});
export type Output = z.infer<typeof outputSchema>;

/** The stable URL of an output's file. */
export function outputUrl(outputId: string): string {
  return `/api/outputs/${outputId}`;
}

/** The URL of a job's current preview. `at` (ms) makes every picture's URL another one, so that nobody takes it for the last. */
export function previewUrl(jobId: string, at: number): string {
  return `/api/jobs/${jobId}/preview?at=${at}`;
}

/** The stable URL of an output's thumbnail, 384 px wide WebP. */
export function thumbnailUrl(outputId: string): string {
  return `/api/outputs/${outputId}?width=384&format=webp`;
}
