import type { QueueEntry } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { entryColumns } from "../postgres/sql.ts";

/**
 * Due waiting jobs that Redis should know of by now: unchanged for two seconds, or retries whose delay has passed (those
 * were never pushed). Newest first: pushed to the heads of their lanes one by one, the oldest ends in front.
 */
export async function unqueuedCandidates({ sql }: Database): Promise<QueueEntry[]> {
  return sql<QueueEntry[]>`
    SELECT ${entryColumns(sql)} FROM jobs j
    WHERE state = 'queued' AND run_after <= now()
      AND (changed_at < now() - interval '2 seconds' OR run_after > changed_at)
    ORDER BY queued_at DESC, id DESC`;
}

/** Every due waiting job, oldest first: the queue to rebuild after Redis was emptied. */
export async function queuedInOrder({ sql }: Database): Promise<QueueEntry[]> {
  return sql<QueueEntry[]>`
    SELECT ${entryColumns(sql)} FROM jobs j
    WHERE state = 'queued' AND run_after <= now() ORDER BY queued_at, id`;
}
