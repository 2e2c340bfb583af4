import { failpoint } from "@darkroom/contracts";
import { closeDispatch, type Database, type DispatchRecord } from "@darkroom/db";
import type { Logger } from "pino";
import type { Backend } from "./backend.ts";

export interface Swept {
  /** Jobs whose prompt has no worker: to be adopted before new work. */
  readonly adoptable: readonly string[];
  /** True if an orphan runs on: whatever is sent now would wait behind it. */
  readonly isOccupied: boolean;
}

/**
 * Goes through the prompts that were sent to a backend and are not over (`openDispatches`). One whose worker lives is left alone, one
 * whose job has ended or was sent again is removed from the backend, by its id.
 */
export async function sweepPrompts(
  { client }: Pick<Backend, "client">,
  records: readonly DispatchRecord[],
  { database, log }: { readonly database: Database; readonly log: Logger },
): Promise<Swept> {
  const abandoned = records.filter(({ current, leaseLive }) => !(current && leaseLive));
  if (abandoned.length === 0) return { adoptable: [], isOccupied: false };
  await failpoint("sweep.read");

  const orphans = abandoned.filter(({ current }) => !current);
  const { running, pending } = orphans.length === 0 ? { running: [], pending: [] } : await client.queue();
  let isOccupied = false;
  for (const { promptId, jobId, requestId, attempt } of orphans) {
    const isRunning = running.includes(promptId);
    if (isRunning || pending.includes(promptId)) {
      log.info({ promptId, requestId, jobId, attempt, isRunning }, "canceling an orphan");
      // Stays open until it is really gone: the next sweep looks again.
      await client.cancel(promptId);
      isOccupied ||= isRunning;
      continue;
    }
    await closeDispatch(database, { promptId });
  }
  const adoptable = abandoned
    .filter(({ current, jobState }) => current && (jobState === "queued" || jobState === "running"))
    .map(({ jobId }) => jobId);
  return { adoptable, isOccupied };
}
