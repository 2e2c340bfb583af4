import { StorageUnavailable } from "@darkroom/storage";

/** True if the files could not be stored or read just now, and can be later. */
export function isStorageOutage(error: unknown): boolean {
  if (error instanceof StorageUnavailable) return true;
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
