import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchFailure } from "./failure.ts";
import { startTime } from "./process-state.ts";

/**
 * Holds `dir` for this process. Throws if a living launcher holds it. A lock whose holder was killed is taken over: the
 * start time beside the pid tells a holder from a stranger that was given its pid.
 */
export function lockDataDir(dir: string): { release(): void } {
  const lock = join(dir, "launcher.lock");
  const own = `${lock}.${process.pid}`;
  const mark = `${process.pid} ${startTime(process.pid)}`;
  writeFileSync(own, mark);
  try {
    while (!tryLink(own, lock)) {
      const holder = readOr(lock);
      const [pid = "", ...started] = holder.split(" ");
      if (holder !== "" && startTime(Number(pid)) === started.join(" ")) {
        throw new LaunchFailure(`another start (process ${pid}) is already using ${dir}; stop it or set DATA_DIR`);
      }
      // Renaming is atomic, so of two that find the same dead holder only one removes its lock.
      const grave = `${own}.stale`;
      if (tryRename(lock, grave) && readOr(grave) !== holder) tryLink(grave, lock);
      rmSync(grave, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return {
    release() {
      if (readOr(lock) === mark) rmSync(lock, { force: true });
    },
  };
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
