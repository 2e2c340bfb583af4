import { copyFileSync, rmSync, statSync, truncateSync } from "node:fs";

/** A log longer than this becomes `.1`, in place of the one before. */
const MAX_LOG_BYTES = 20_000_000;

const EVERY_MS = 10_000;

/** Keeps a log that another process appends to below about twice its bound. Answers what ends that. */
export function rotateLog(logFile: string, { maxBytes = MAX_LOG_BYTES, everyMs = EVERY_MS } = {}): () => void {
  const look = (): void => {
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) <= maxBytes) return;
    try {
      // Copied, not renamed: whoever has the file open would go on writing under its new name.
      copyFileSync(logFile, `${logFile}.1`);
    } catch {
      // On a full disk there is no room for a copy, and a log is what can be done without.
      rmSync(`${logFile}.1`, { force: true });
    }
    truncateSync(logFile);
  };
  look();
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}
