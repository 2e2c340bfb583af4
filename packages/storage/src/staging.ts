import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onDisk } from "./outage.ts";
import { FileTooLarge, type ReceivedFile, type Source, type Storage, storageKeyOf } from "./storage.ts";

/** Older than any transfer: whoever began it is gone. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Moves a whole file to its key; afterwards nothing is left at its path. */
export type Keep = (file: { path: string; sha256: string; sizeBytes: number }, storageKey: string) => Promise<void>;

/** A folder of this machine where files are received: their address is known only when they are whole. */
export interface Staging extends Pick<Storage, "receive" | "make" | "put" | "freeBytes"> {
  /** A path that nobody else has. */
  temporaryPath(): Promise<string>;
  /** Makes the folder, removes what is abandoned in it, and tries whether it takes a file. */
  prepare(): Promise<void>;
}

export function createStaging(folder: string, keep: Keep): Staging {
  const temporaryPath = async (): Promise<string> => {
    await onDisk(mkdir(folder, { recursive: true }));
    return join(folder, randomUUID());
  };

  function received(path: string, sha256: string, sizeBytes: number): ReceivedFile {
    return {
      path,
      sha256,
      sizeBytes,
      keep: async (as) => {
        const storageKey = as ?? storageKeyOf(sha256);
        await onDisk(keep({ path, sha256, sizeBytes }, storageKey));
        return { storageKey, sha256, sizeBytes };
      },
      discard: () => rm(path, { force: true }),
    };
  }

  const receive: Staging["receive"] = (source, limits) => onDisk(receiveWhole(source, limits));

  async function receiveWhole(source: Source, { maxBytes }: { maxBytes: number }): Promise<ReceivedFile> {
    const path = await temporaryPath();
    const file = await open(path, "wx");
    try {
      const hash = createHash("sha256");
      let sizeBytes = 0;
      for await (const chunk of source) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) throw new FileTooLarge(maxBytes);
        hash.update(chunk);
        await writeWhole(file, chunk);
      }
      await file.close();
      return received(path, hash.digest("hex"), sizeBytes);
    } catch (error) {
      await file.close().catch(() => {});
      await rm(path, { force: true });
      throw error;
    }
  }

  return {
    temporaryPath,
    receive,

    async make(write) {
      const path = await temporaryPath();
      try {
        const facts = await onDisk(write(path));
        const hash = createHash("sha256");
        let sizeBytes = 0;
        for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
          sizeBytes += chunk.byteLength;
          hash.update(chunk);
        }
        return { ...received(path, hash.digest("hex"), sizeBytes), facts };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },

    async put(source, limits) {
      const file = await receive(source, limits);
      try {
        return await file.keep();
      } finally {
        await file.discard();
      }
    },

    freeBytes: () => freeBytesOf(folder),

    async prepare() {
      await mkdir(folder, { recursive: true });
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const facts = await stat(path).catch(() => null);
        if (facts?.isFile() && facts.mtimeMs < Date.now() - ABANDONED_MS) await rm(path, { force: true });
      }
      // Neither the free space nor the folder tells of a disk that is read-only, or that has no room for names.
      await (await receive([Buffer.from("1")], { maxBytes: 1 })).discard();
    },
  };
}

/** One write may take less than it is given, for one on a disk that is nearly full: only the next tells why. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength; )
    offset += (await file.write(chunk, offset, chunk.byteLength - offset)).bytesWritten;
}

/** Of the file system that has the folder, or would have it once it is made. */
async function freeBytesOf(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(at) === at) throw error;
    }
  }
}
