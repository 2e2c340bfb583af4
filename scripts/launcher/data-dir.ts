import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isReachableByOthers } from "../embedded/folder-access.ts";
import { LaunchFailure } from "./launch-failure.ts";

/** Where root keeps data whose wished place other users can't enter: its Postgres runs as another user. */
const sharedHome = "/var/lib/darkroom";

export interface DataDir {
  path: string;
  /** Whether it is not the folder that was asked for. */
  moved: boolean;
}

/** Makes the data folder. `wanted` is absolute. */
export function makeDataDir(wanted: string): DataDir {
  const isRoot = process.getuid?.() === 0;
  const moved = isRoot && !isReachableByOthers(dirname(wanted));
  const path = moved ? join(sharedHome, nameFor(wanted)) : wanted;
  try {
    makeFolders(path, isRoot ? 0o711 : 0o700);
    // A folder from `mktemp -d` is closed; passing through it shows nobody what is inside.
    const { mode } = statSync(path);
    if (isRoot && (mode & 0o001) === 0) chmodSync(path, (mode & 0o777) | 0o011);
    makeFolders(join(path, "logs"), 0o700);
  } catch (error) {
    throw new LaunchFailure(`DATA_DIR: can't write to ${path} (${error instanceof Error ? error.message : error})`);
  }
  return { path, moved };
}

/** Not `recursive: true`, which never returns where a folder can't be made at all, as below `/proc`. */
function makeFolders(path: string, mode: number) {
  if (existsSync(path)) return;
  makeFolders(dirname(path), 0o755);
  mkdirSync(path, { mode });
}

function nameFor(wanted: string): string {
  const hash = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  return basename(wanted) === ".darkroom" ? `${basename(dirname(wanted))}-${hash}` : hash;
}

/** A secret of 32 random bytes kept in `file`, readable by us alone; made at the first call. */
export function keptSecret(file: string): string {
  if (existsSync(file)) {
    const kept = readFileSync(file, "utf8").trim();
    if (kept.length >= 32) return kept;
  }
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secret;
}
