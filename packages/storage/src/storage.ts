import type { Readable } from "node:stream";

/** A stored file: its key is its content's address, so storing the same bytes twice stores them once. */
export interface StoredFile {
  /** `ab/cd/<sha256 in hex>`; made by us, never from a name that somebody sent. */
  readonly storageKey: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A whole file on this machine that is not stored yet; whoever holds it keeps or discards it. */
export interface ReceivedFile {
  /** Where it is until then, for a decoder that reads files. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Stores it at its content address, or at `as`: a key that {@link variantKeyOf} gave. The path is gone afterwards. */
  keep(as?: string): Promise<StoredFile>;
  /** Removes it; nothing happens if it was kept. */
  discard(): Promise<void>;
}

/** A file that was made here, and what whoever made it has to say of it. */
export interface MadeFile<T> extends ReceivedFile {
  readonly facts: T;
}

/** A stored file that is being read. */
export interface OpenedFile {
  readonly stream: Readable;
  /** Of the whole file, also where only a range is read. */
  readonly sizeBytes: number;
}

/** A file, or a copy made of one, as a listing has it. */
export interface ListedFile {
  readonly storageKey: string;
  /** When it was last stored: storing the same bytes again makes it young again. */
  readonly storedAt: Date;
}

export type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Files by content address, on a disk or in a bucket. Nothing is ever held whole in memory. */
export interface Storage {
  /** Streams `source` to a temporary file of this machine while hashing it. Throws {@link FileTooLarge}. */
  receive(source: Source, limits: { maxBytes: number }): Promise<ReceivedFile>;
  /** A file that `write` puts at the path it is given. */
  make<T>(write: (path: string) => Promise<T>): Promise<MadeFile<T>>;
  /** {@link receive}, then keep. */
  put(source: Source, limits: { maxBytes: number }): Promise<StoredFile>;
  /**
   * The file's bytes from `start` to `end` inclusive; null if there is no such file. A file that is read whole is
   * compared with its address: damaged, its stream ends with {@link FileDamaged}.
   */
  open(storageKey: string, range?: { start: number; end: number }): Promise<OpenedFile | null>;
  /** Calls `use` with the path of a copy on this machine, which is gone afterwards; null if there is no such file. */
  withFile<T>(storageKey: string, use: (path: string) => Promise<T>): Promise<T | null>;
  /** Every stored file and copy, in pages of any length; what is stored meanwhile may be missing. */
  list(): AsyncIterable<readonly ListedFile[]>;
  /** Removes a file or copy, unless it was stored (again) since `storedBefore`; true if it is gone. */
  remove(storageKey: string, options: { storedBefore: Date }): Promise<boolean>;
  /** Free space for files that are being received, in bytes: below some bound nothing should be started. */
  freeBytes(): Promise<number>;
  /**
   * Whether files can be stored here, to be asked when a process starts; also removes what processes that died left
   * half received. Throws {@link StorageMisconfigured} or {@link StorageUnavailable}.
   */
  check(): Promise<void>;
}

/** Thrown when the content is larger than allowed; nothing is kept. */
export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the file is larger than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** A stored file is not what its key says: only its owner can bring it again. */
export class FileDamaged extends Error {
  override readonly name = "FileDamaged";

  constructor(storageKey: string) {
    super(`the stored file ${storageKey} is damaged`);
  }
}

/** The bucket does not answer, or says that it cannot now: the same call may succeed later. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}

/** What is still free is kept for others. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
  readonly freeBytes: number;

  constructor(freeBytes: number) {
    super(`the storage has ${Math.round(freeBytes / 1e6)} MB left`);
    this.freeBytes = freeBytes;
  }
}

/** Waiting does not help: the settings are wrong. The message names the variable and the rule. */
export class StorageMisconfigured extends Error {
  override readonly name = "StorageMisconfigured";
}

/** The content address of a SHA-256 in hex. */
export function storageKeyOf(sha256: string): string {
  return `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}

/** The key of something made from a stored file; `name` has lower-case letters, digits and dashes. */
export function variantKeyOf(storageKey: string, name: string): string {
  return `${storageKey}.${name}`;
}

const keyPattern = /^[0-9a-f]{2}\/[0-9a-f]{2}\/([0-9a-f]{64})(\.[a-z0-9-]+)?$/;

/** False for what else may lie among the files. */
export const isStorageKey = (text: string): boolean => keyPattern.test(text);

/** Refuses whatever is not a key of ours; answers the SHA-256 of its content, null for a variant's. */
export function addressOf(storageKey: string): string | null {
  const match = keyPattern.exec(storageKey);
  if (match === null) throw new Error("not a storage key");
  return match[2] === undefined ? (match[1] ?? null) : null;
}
