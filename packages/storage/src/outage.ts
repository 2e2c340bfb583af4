import { StorageUnavailable } from "./storage.ts";

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * What a disk says that takes no file now and may do so later: read-only since an error, broken, taken away with the drive or the
 * network, closed by its rights, or with something else where a folder was; and a process that has no handle left.
 */
const AWAY: ReadonlySet<string> = new Set([
  ...["EROFS", "EIO", "EACCES", "EPERM", "EBUSY", "ENODEV", "ENXIO"],
  ...["ESTALE", "ENOTCONN", "EHOSTDOWN", "ENOTDIR", "EEXIST", "EMFILE", "ENFILE"],
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** True if there was no room for a file, or its quota is used up. */
export const isDiskFull = (error: unknown): boolean => FULL.has(codeOf(error));

/** True if files cannot be stored or read just now, and can be later. */
export const isStorageOutage = (error: unknown): boolean => error instanceof StorageUnavailable || isDiskFull(error);

/** What `work` does with the folders of a storage, of which nothing is known to be wrong but the disk. */
export async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (AWAY.has(codeOf(error))) throw new StorageUnavailable(`the disk says ${codeOf(error)}`, { cause: error });
    throw error;
  }
}
