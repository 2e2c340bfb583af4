import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** A stored file: its key is its content's address, so storing the same bytes twice stores them once. */
export interface StoredFile {
  /** `ab/cd/<sha256 in hex>`; made by us, never from a name that somebody sent. */
  readonly storageKey: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Thrown by {@link Storage.put} when the content is larger than allowed; nothing is kept. */
export class FileTooLarge extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the file is larger than ${maxBytes} bytes`);
    this.name = "FileTooLarge";
    this.maxBytes = maxBytes;
  }
}

/** Files by content address. */
export interface Storage {
  /** Streams `source` to its content address: temporary name, fsync, rename. Throws {@link FileTooLarge}. */
  put(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limits: { maxBytes: number }): Promise<StoredFile>;
  /** The file's bytes from `start` to `end` inclusive; null if there is no such file. */
  open(
    storageKey: string,
    range?: { start: number; end: number },
  ): Promise<{ stream: Readable; sizeBytes: number } | null>;
  /** Where the file is on disk, for a decoder that reads files. */
  path(storageKey: string): string;
  /** Free space below which nothing should be started, in bytes. */
  freeBytes(): Promise<number>;
}

const keyPattern = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}(\.[a-z0-9-]+)?$/;

/** The content address of a SHA-256 in hex. */
export function storageKeyOf(sha256: string): string {
  return `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}

/** Storage in a folder, from a `file:` URL. The folder is made when the first file is stored. */
export function createStorage(storageUrl: string): Storage {
  const url = new URL(storageUrl);
  if (url.protocol !== "file:") throw new Error(`STORAGE_URL must be a file: URL, not ${url.protocol}`);
  const root = resolve(fileURLToPath(url));

  const path = (storageKey: string): string => {
    if (!keyPattern.test(storageKey)) throw new Error("not a storage key");
    return join(root, ...storageKey.split("/"));
  };

  return {
    path,

    async put(source, { maxBytes }) {
      const temporary = join(root, "tmp", randomUUID());
      await mkdir(dirname(temporary), { recursive: true });
      const hash = createHash("sha256");
      let sizeBytes = 0;
      const file = await open(temporary, "wx");
      try {
        for await (const chunk of source) {
          sizeBytes += chunk.byteLength;
          if (sizeBytes > maxBytes) throw new FileTooLarge(maxBytes);
          hash.update(chunk);
          await file.write(chunk);
        }
        await file.sync();
        await file.close();
        const sha256 = hash.digest("hex");
        const storageKey = storageKeyOf(sha256);
        const target = path(storageKey);
        await mkdir(dirname(target), { recursive: true });
        // Renaming over a file of the same address replaces it by the same bytes.
        await rename(temporary, target);
        return { storageKey, sha256, sizeBytes };
      } catch (error) {
        await file.close().catch(() => {});
        await rm(temporary, { force: true });
        throw error;
      }
    },

    async open(storageKey, range) {
      const target = path(storageKey);
      const facts = await stat(target).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
      return facts === null ? null : { stream: createReadStream(target, range), sizeBytes: facts.size };
    },

    async freeBytes() {
      let folder = root;
      for (;;) {
        try {
          const { bavail, bsize } = await statfs(folder);
          return bavail * bsize;
        } catch (error) {
          const parent = dirname(folder);
          if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === folder || folder === sep) throw error;
          folder = parent;
        }
      }
    },
  };
}
