import type { Database } from "../postgres/client.ts";
import { isPausedNow } from "../postgres/sql.ts";

export interface StoredQueueStats {
  readonly paused: boolean;
  readonly waiting: number;
  /** Of the waiting: retries that are not due yet. */
  readonly delayed: number;
  readonly running: number;
  readonly canceling: number;
  /** Ended within the last hour. */
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** Age of the oldest due waiting job; null if none waits. */
  readonly oldestWaitSeconds: number | null;
  /** Median of the jobs that started, and that succeeded, within the last hour. */
  readonly medianWaitSeconds: number | null;
  readonly medianRunSeconds: number | null;
  readonly slots: { readonly held: number; readonly total: number };
  /** Workers that hold a live lease of a slot. */
  readonly workers: number;
}

/** How the queue stands now, in one statement. */
export async function queueStats({ sql }: Database): Promise<StoredQueueStats> {
  const [row] = await sql<(Omit<StoredQueueStats, "slots"> & { held: number; total: number })[]>`
    WITH open AS (
      SELECT count(*) FILTER (WHERE state = 'queued') AS waiting,
        count(*) FILTER (WHERE state = 'queued' AND run_after > now()) AS delayed,
        count(*) FILTER (WHERE state = 'running') AS running,
        count(*) FILTER (WHERE state = 'canceling') AS canceling,
        extract(epoch FROM now() - min(queued_at) FILTER (WHERE state = 'queued' AND run_after <= now()))::float8
          AS "oldestWaitSeconds"
      FROM jobs WHERE state IN ('queued', 'running', 'canceling')
    ), ended AS (
      SELECT count(*) FILTER (WHERE state = 'succeeded') AS succeeded, count(*) FILTER (WHERE state = 'failed') AS failed,
        count(*) FILTER (WHERE state = 'canceled') AS canceled,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)::float8)
          AS "medianWaitSeconds",
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)::float8)
          FILTER (WHERE state = 'succeeded') AS "medianRunSeconds"
      FROM jobs WHERE finished_at > now() - interval '1 hour'
    ), held AS (
      SELECT count(*) FILTER (WHERE kind = 'run' AND lease_until > now()) AS held,
        count(*) FILTER (WHERE kind = 'run') AS total,
        count(DISTINCT holder) FILTER (WHERE lease_until > now()) AS workers
      FROM slots
    )
    SELECT ${isPausedNow(sql)} AS paused, open.*, ended.*, held.* FROM open, ended, held`;
  if (row === undefined) throw new Error("a count is never empty");
  const { held, total, ...stats } = row;
  return { ...stats, slots: { held, total } };
}
