// Apart from `output.ts` because pages import these functions, and would get zod with the schemas.

/** The stable URL of an output's file. */
export function outputUrl(outputId: string): string {
  return `/api/outputs/${outputId}`;
}

/** The URL of several outputs as one ZIP file; at most {@link MAX_ARCHIVE_FILES}. */
export function archiveUrl(outputIds: readonly string[]): string {
  return `/api/outputs.zip?ids=${outputIds.join(",")}`;
}

/** The URL of all that is the caller's as one ZIP file. */
export const accountExportUrl = "/api/account/export";

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

/** Where anyone has a shared picture who has its secret; with `width`, a smaller copy of it as a WebP. */
export function shareUrl(token: string, width?: number): string {
  return `/api/shares/${token}${width === undefined ? "" : `?width=${width}&format=webp`}`;
}

/** The page that shows it, with what its owner tells of it. */
export function sharePageUrl(token: string): string {
  return `/s/${token}`;
}
