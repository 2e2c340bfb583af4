import { failpoint } from "@darkroom/contracts";
import { closeDispatch, type Database, openDispatches } from "@darkroom/db";
import type { Backend } from "./backend.ts";
import type { Log } from "./log.ts";

/**
 * Goes through the prompts that were sent to a backend and are not over. A prompt whose worker lives is left alone, one
 * whose job has ended or was sent again is removed from the backend (deleted, then interrupted by its id), and the
 * jobs of the others are answered: they are to be adopted before new work.
 */
export async function sweepDispatches(
  { backendId, client }: Backend,
  { database, log }: { database: Database; log: Log },
): Promise<string[]> {
  const records = await openDispatches(database, { backendId });
  const abandoned = records.filter(({ current, leaseLive }) => !(current && leaseLive));
  if (abandoned.length === 0) return [];
  await failpoint("sweep.read");

  const orphans = abandoned.filter(({ current }) => !current);
  const { running, pending } = orphans.length === 0 ? { running: [], pending: [] } : await client.queue();
  for (const { promptId, jobId } of orphans) {
    if (running.includes(promptId)) {
      log.info({ promptId, jobId }, "interrupting an orphan");
      // Stays open until it is really gone: the next sweep looks again.
      await client.interrupt(promptId);
      continue;
    }
    if (pending.includes(promptId)) {
      log.info({ promptId, jobId }, "deleting an orphan");
      await client.deletePending([promptId]);
      // It may have begun to run since it was seen waiting.
      await client.interrupt(promptId);
      continue;
    }
    await closeDispatch(database, { promptId });
  }
  return abandoned
    .filter(({ current, jobState }) => current && (jobState === "queued" || jobState === "running"))
    .map(({ jobId }) => jobId);
}
