import { DarkroomError, type OwnedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { removeJob } from "./remove-job.ts";

/** Jobs of one call: each is a transaction of its own, and the rest of maintenance waits for all of them. */
const JOBS_AT_ONCE = 100;

/**
 * Removes jobs that ended more than `days` ago, the oldest first, as their owners would: with inputs, outputs and a `job.removed`, to be
 * published. One whose picture a job takes that has not ended stays for now. Bounded: a long backlog takes several calls.
 */
export async function expireHistory(database: Database, { days }: { days: number }): Promise<OwnedEvent[]> {
  const due = await database.sql<{ jobId: string }[]>`
    SELECT id AS "jobId" FROM jobs WHERE finished_at < now() - make_interval(days => ${days}) AND removed_at IS NULL
    ORDER BY finished_at LIMIT ${JOBS_AT_ONCE}`;
  const events: OwnedEvent[] = [];
  for (const { jobId } of due) {
    try {
      events.push(...((await removeJob(database, { jobId, ownerIds: null })) ?? []));
    } catch (error) {
      if (!(error instanceof DarkroomError && error.code === "JOB_NOT_ENDED")) throw error;
    }
  }
  return events;
}
