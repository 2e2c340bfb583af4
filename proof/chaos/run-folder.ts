import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReachableByOthers } from "../../scripts/reachable.ts";

/** A new folder for a run's data; below the temporary one, unless root's Postgres, another user, could not get there. */
export async function makeRunFolder(): Promise<string> {
  const parent = process.getuid?.() === 0 && !isReachableByOthers(tmpdir()) ? "/var/lib/darkroom" : tmpdir();
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, "darkroom-chaos-"));
}
