import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startTime } from "./process-state.ts";

export type FileLock = { held: true; release(): void } | { held: false; holderPid: number };

/**
 * Takes the lock file for this process, or tells who has it. A lock whose holder was killed is taken over: the start
 * time beside the pid tells a holder from a stranger that was given its pid.
 */
export function tryLock(file: string): FileLock {
  const own = `${file}.${process.pid}`;
  const mark = `${process.pid} ${startTime(process.pid)}`;
  writeFileSync(own, mark);
  try {
    while (!tryLink(own, file)) {
      const holder = readOr(file);
      const [pid = "", ...started] = holder.split(" ");
      if (holder !== "" && startTime(Number(pid)) === started.join(" ")) return { held: false, holderPid: Number(pid) };
      // Renaming is atomic, so of two that find the same dead holder only one removes its lock.
      const grave = `${own}.stale`;
      if (tryRename(file, grave) && readOr(grave) !== holder) tryLink(grave, file);
      rmSync(grave, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return {
    held: true,
    release() {
      if (readOr(file) === mark) rmSync(file, { force: true });
    },
  };
}

/** Runs `work` while holding the lock; waits for another holder first, of which `onWait` is told once. */
export async function withLock<T>(
  file: string,
  { signal, onWait }: { signal: AbortSignal; onWait: (holderPid: number) => void },
  work: () => Promise<T>,
): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    const lock = tryLock(file);
    if (lock.held) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!isTold) onWait(lock.holderPid);
    await sleep(100, undefined, { signal });
  }
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
