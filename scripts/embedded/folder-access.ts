import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

const enterByOthers = 0o001;

/** Whether any user may enter `path` and every folder above it. The last part need not exist yet. */
export function isReachableByOthers(path: string): boolean {
  const absolute = resolve(path);
  if (existsSync(absolute) && (statSync(absolute).mode & enterByOthers) === 0) return false;
  return dirname(absolute) === absolute || isReachableByOthers(dirname(absolute));
}
