import { existsSync, statfsSync } from "node:fs";
import { chmod, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReachableByOthers } from "../embedded/folder-access.ts";

const sharedMemory = "/dev/shm";
/** What a whole test run writes is a tenth of this. In a container both limits are often far smaller than the machine. */
const roomyBytes = 4_000_000_000;

/**
 * A new folder `darkroom-NAME-…` that other users can enter: below the temporary one, unless root's Postgres, which runs
 * as another user, could not get there.
 */
export async function makeFolder(name: string, parent = parentFolder()): Promise<string> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `darkroom-${name}-`));
  await chmod(folder, 0o711);
  return folder;
}

/**
 * The same, in memory where Linux offers enough of it: a copy of a database is made in 20 ms there, and in 300 ms on the
 * disk of a virtual machine. For data that is worth nothing once the tests are over.
 */
export function makeFolderInMemory(name: string): Promise<string> {
  return makeFolder(name, hasRoomInMemory() ? sharedMemory : parentFolder());
}

function parentFolder(): string {
  return process.getuid?.() === 0 && !isReachableByOthers(tmpdir()) ? "/var/lib/darkroom" : tmpdir();
}

function hasRoomInMemory(): boolean {
  if (!existsSync(sharedMemory)) return false;
  const { bavail, bsize } = statfsSync(sharedMemory);
  return Math.min(bavail * bsize, process.availableMemory()) > roomyBytes;
}
