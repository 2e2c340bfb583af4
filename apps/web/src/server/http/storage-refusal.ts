import { DarkroomError } from "@darkroom/contracts";
import { DecodersBusy, ImageInvalid, isDiskFull, StorageFull, StorageUnavailable } from "@darkroom/storage";

const RETRY_SECONDS = 10;

/**
 * The refusal for a bucket that does not answer, a disk that is full, decoders that are busy and a stored picture that they
 * cannot read; null for everything else.
 */
export function storageRefusal(error: unknown): DarkroomError | null {
  const facts = { retryAfterSeconds: RETRY_SECONDS, cause: error };
  if (error instanceof StorageUnavailable)
    return new DarkroomError("UNAVAILABLE", "The pictures cannot be reached at the moment. Please try again.", facts);
  if (error instanceof StorageFull || isDiskFull(error))
    return new DarkroomError("UNAVAILABLE", "There is no room for files at the moment. Please try again later.", facts);
  if (error instanceof DecodersBusy)
    return new DarkroomError(
      "RATE_LIMITED",
      "Too many pictures are being read at the moment. Please try again.",
      facts,
    );
  if (error instanceof ImageInvalid)
    return new DarkroomError("NOT_FOUND", "No smaller copy can be made of this picture.", { cause: error });
  return null;
}
