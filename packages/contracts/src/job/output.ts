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
  /** Whether its owner marked it as a favourite. Events from before there were any do not say. */
  favorite: z.boolean().default(false),
});
export type Output = z.infer<typeof outputSchema>;

/** An output node of the workflow that made nothing in a run that succeeded all the same, and why, in words. */
export const missingOutputSchema = z.object({ nodeId: z.string(), nodeTitle: z.string(), message: z.string() });
export type MissingOutput = z.infer<typeof missingOutputSchema>;

/** The stable URL of an output's file. */
export function outputUrl(outputId: string): string {
  return `/api/outputs/${outputId}`;
}

/** The URL of a job's current preview. `at` (ms) makes every picture's URL another one, so that nobody takes it for the last. */
export function previewUrl(jobId: string, at: number): string {
  return `/api/jobs/${jobId}/preview?at=${at}`;
}

/** The stable URL of an output's thumbnail, a WebP; of a moving picture its first frame. */
export function thumbnailUrl(outputId: string, width = 384): string {
  return `/api/outputs/${outputId}?width=${width}&format=webp`;
}

/** The stable URL of an uploaded picture; with `width`, of a smaller copy of it as a WebP. */
export function uploadUrl(uploadId: string, width?: number): string {
  return `/api/uploads/${uploadId}${width === undefined ? "" : `?width=${width}&format=webp`}`;
}

/** Where anyone sees a shared picture who has its secret. */
export function shareUrl(token: string): string {
  return `/api/shares/${token}`;
}

const extensions: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/x-m4a": "m4a",
  "audio/mp4": "m4a",
  "image/apng": "png",
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "model/gltf-binary": "glb",
  "model/gltf+json": "gltf",
  "text/markdown": "md",
  "text/plain": "txt",
  "video/matroska": "mkv",
  "video/quicktime": "mov",
  "video/vnd.avi": "avi",
  "application/octet-stream": "bin",
};

/** The ending of a file's name, without its dot, for whoever downloads it. */
export function fileExtensionOf(mimeType: string): string {
  const [type = "", more = ""] = mimeType.split(";");
  if (type === "audio/ogg" && more.includes("opus")) return "opus";
  return extensions[type] ?? /\/(?:x-)?([a-z0-9]+)$/.exec(type)?.[1] ?? "bin";
}
