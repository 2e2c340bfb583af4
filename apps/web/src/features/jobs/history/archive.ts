import { archiveUrl, MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILES, type Output } from "@darkroom/contracts";
import { formatBytes } from "../../../format.ts";
import { t } from "../../../language/say.ts";

/**
 * The address at which outputs are downloaded as one file, or why there is none and what to do; null for no outputs. The
 * server refuses the same: it is said before, because a download that fails says nothing.
 */
export function archiveOf(
  outputs: readonly Pick<Output, "outputId" | "sizeBytes">[],
): { readonly href: string } | { readonly reason: string } | null {
  if (outputs.length === 0) return null;
  if (outputs.length > MAX_ARCHIVE_FILES) {
    return {
      reason: t`${MAX_ARCHIVE_FILES} files at most are downloaded at once, and these are ${outputs.length}. Select fewer.`,
    };
  }
  const bytes = outputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > MAX_ARCHIVE_BYTES) {
    return {
      reason: t`${formatBytes(MAX_ARCHIVE_BYTES)} at most are downloaded at once, and these are ${formatBytes(bytes)}. Select fewer.`,
    };
  }
  return { href: archiveUrl(outputs.map(({ outputId }) => outputId)) };
}
