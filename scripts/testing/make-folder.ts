import { chmod, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReachableByOthers } from "../embedded/folder-access.ts";

/**
 * A new folder `darkroom-NAME-…` that other users can enter: below the temporary one, unless root's Postgres, which runs
 * as another user, could not get there.
 */
export async function makeFolder(name: string): Promise<string> {
  const parent = process.getuid?.() === 0 && !isReachableByOthers(tmpdir()) ? "/var/lib/darkroom" : tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `darkroom-${name}-`));
  await chmod(folder, 0o711);
  return folder;
}
