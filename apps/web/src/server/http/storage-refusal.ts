import { DarkroomError } from "@darkroom/contracts";
import { StorageUnavailable } from "@darkroom/storage";

const RETRY_SECONDS = 10;

/** The refusal for a bucket that does not answer or a disk that is full; null for everything else. */
export function storageOutage(error: unknown): DarkroomError | null {
  const facts = { retryAfterSeconds: RETRY_SECONDS, cause: error };
  if (error instanceof StorageUnavailable)
    return new DarkroomError("UNAVAILABLE", "The pictures cannot be reached at the moment. Please try again.", facts);
  if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT"))
    return new DarkroomError("UNAVAILABLE", "There is no room for files at the moment. Please try again later.", facts);
  return null;
}
