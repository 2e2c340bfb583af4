import { type Database, openDispatches, shouldRelease } from "@darkroom/db";
import type { Logger } from "pino";
import type { Attempt } from "../attempt/attempt.ts";
import type { Backend } from "../backend/backend.ts";
import { sweepPrompts } from "../backend/sweep-prompts.ts";

/**
 * While the attempt's prompt waits behind another, looks every `intervalMs` whether it should: it is released for another
 * backend if this one is drained or gets nothing new, if an idle one could begin it, or if what it waits for is an orphan
 * that runs on. Answers the function that ends the watch.
 */
export function watchWaiting(
  attempt: Attempt,
  parts: {
    readonly backend: Pick<Backend, "backendId" | "client" | "isReady">;
    readonly database: Database;
    readonly intervalMs: number;
    readonly log: Logger;
  },
): () => void {
  const { backend, database, intervalMs, log } = parts;
  const { backendId } = backend;
  const { jobId } = attempt.job;
  let isLooking = false;

  async function look(): Promise<void> {
    const isStuck =
      !backend.isReady() ||
      (await sweepPrompts(backend, await openDispatches(database, backend), { database, log })).isOccupied;
    if (!isStuck && !(await shouldRelease(database, { backendId, jobId }))) return;
    log.info({ isStuck }, "the job waits here and is released");
    attempt.ask("release");
  }

  const timer = setInterval(() => {
    if (isLooking || !attempt.isBehind || attempt.asked !== null) return;
    isLooking = true;
    look()
      .catch((error: unknown) => log.debug({ err: error }, "could not look whether the job should wait here"))
      .finally(() => {
        isLooking = false;
      });
  }, intervalMs);
  return () => clearInterval(timer);
}
