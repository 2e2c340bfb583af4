import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onDisk } from "./outage.ts";
import { createStaging } from "./staging.ts";
import { addressOf, isStorageKey, type ListedFile, type Storage } from "./storage.ts";
import { verified } from "./verified.ts";

/** Storage in a folder, which is made when the first file comes. */
export function createDiskStorage(root: string): Storage {
  const pathOf = (storageKey: string): string => {
    addressOf(storageKey);
    return join(root, ...storageKey.split("/"));
  };
  const sizeOf = (path: string): Promise<number | null> =>
    onDisk(stat(path)).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      },
    );

  // On the same file system as its target, so that the last step is one rename.
  const staging = createStaging(join(root, "tmp"), async ({ path }, storageKey) => {
    const target = pathOf(storageKey);
    await mkdir(dirname(target), { recursive: true });
    await sync(path, "r+");
    // It may have waited long to be stored; its age counts from now.
    const now = new Date();
    await utimes(path, now, now);
    // Renaming over a file of the same address replaces it by the same bytes.
    await rename(path, target);
    // Windows opens no folders, and needs no such thing.
    if (process.platform !== "win32") await sync(dirname(target), "r");
  });

  return {
    ...staging,

    async open(storageKey, range) {
      const path = pathOf(storageKey);
      const sizeBytes = await sizeOf(path);
      if (sizeBytes === null) return null;
      if (range !== undefined) return { stream: createReadStream(path, range), sizeBytes };
      return { stream: verified(createReadStream(path), storageKey), sizeBytes };
    },

    async withFile(storageKey, use) {
      const path = pathOf(storageKey);
      return (await sizeOf(path)) === null ? null : use(path);
    },

    async *list() {
      for (const first of await foldersIn(root)) {
        for (const second of await foldersIn(join(root, first))) {
          const names = await namesIn(join(root, first, second));
          const keys = names.map((name) => `${first}/${second}/${name}`).filter(isStorageKey);
          const files = await Promise.all(keys.map(async (storageKey) => listed(storageKey, pathOf(storageKey))));
          yield files.filter((file) => file !== null);
        }
      }
    },

    async remove(storageKey, { storedBefore }) {
      const path = pathOf(storageKey);
      // Taken away first and looked at then: whatever is stored at its name from now on is not the file that goes.
      const taken = await staging.temporaryPath();
      try {
        await rename(path, taken);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
        throw error;
      }
      const { mtime } = await stat(taken);
      const isYoung = mtime >= storedBefore;
      if (isYoung) await link(taken, path).catch(ignoreCode("EEXIST"));
      await rm(taken, { force: true });
      return !isYoung;
    },

    check: () => staging.prepare(),
  };
}

/** A row names the file from here on, so its bytes and its name must survive a power cut. */
async function sync(path: string, flags: "r" | "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const ignoreCode =
  (code: string) =>
  (error: NodeJS.ErrnoException): void => {
    if (error.code !== code) throw error;
  };

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(ignoreCode("ENOENT"))) ?? [];

/** The folders of a storage are named by two digits of the files' addresses; `tmp` is none of them. */
const foldersIn = async (folder: string): Promise<string[]> =>
  (await namesIn(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name));

/** Null if it is gone since it was named. */
async function listed(storageKey: string, path: string): Promise<ListedFile | null> {
  const facts = await stat(path).catch(ignoreCode("ENOENT"));
  return facts === undefined ? null : { storageKey, storedAt: facts.mtime };
}
