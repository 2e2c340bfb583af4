import { type Queue, type QueueEntry, QueueUnavailable } from "@darkroom/queue";
import type { Logger } from "pino";
import type { Backend } from "../backend/backend.ts";
import { decideCapability } from "../backend/decide-capability.ts";
import type { RunParts } from "../run/run-job.ts";

export interface JobTaker {
  /**
   * The next job in turn that the backend can run; null if there is none, while Redis is away, or once `isQuiet`. While Redis
   * is away the slot is kept, because prompts that are open go on being adopted.
   */
  take(isQuiet: () => boolean): Promise<QueueEntry | null>;
}

/** Says once that Redis gives no jobs, and once that it does again. */
export function createJobTaker(
  parts: Pick<RunParts, "database" | "settings"> & {
    readonly backend: Pick<Backend, "backendId" | "catalog" | "warmModelKey">;
    readonly queue: Queue;
    readonly log: Logger;
  },
): JobTaker {
  const { backend, database, queue, settings, log } = parts;
  const { backendId } = backend;
  let isQueueDown = false;

  function queueDown(error: unknown): null {
    if (!(error instanceof QueueUnavailable)) throw error;
    if (!isQueueDown) log.warn({ err: error }, "redis gives no jobs");
    isQueueDown = true;
    return null;
  }

  return {
    take: async (isQuiet) => {
      for (;;) {
        const { catalog } = backend;
        const warmModelKey = settings.prefersWarm ? backend.warmModelKey : null;
        if (catalog === null || isQuiet()) return null;
        const answer = await queue.take({ backendId, catalogHash: catalog.hash, warmModelKey }).catch(queueDown);
        if (answer === null) return null;
        if (isQueueDown) log.info("redis gives jobs again");
        isQueueDown = false;
        switch (answer.type) {
          case "job":
            return answer.entry;
          case "empty":
            return null;
          case "unknown-capability":
            await decideCapability(answer, catalog, { database, queue });
        }
      }
    },
  };
}
