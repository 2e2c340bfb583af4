import { createReadStream } from "node:fs";
import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createStaging } from "./staging.ts";
import { addressOf, type Storage } from "./storage.ts";
import { verified } from "./verified.ts";

/** Storage in a folder, which is made when the first file comes. */
export function createDiskStorage(root: string): Storage {
  const pathOf = (storageKey: string): string => {
    addressOf(storageKey);
    return join(root, ...storageKey.split("/"));
  };
  const sizeOf = (path: string): Promise<number | null> =>
    stat(path).then(
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
