import type { Database } from "../postgres/client.ts";
import { interval, isLive } from "../postgres/sql.ts";

/** What the rules of alerts ask of Postgres. */
export interface StoredFacts {
  readonly waiting: number;
  /** Of a job that is due; 0 if none waits. */
  readonly oldestWaitSeconds: number;
  /** Ended within the last ten minutes. */
  readonly succeeded: number;
  readonly failed: number;
  /** 95 % of those waited less; null: none ended. */
  readonly waitP95Seconds: number | null;
  readonly backends: readonly { readonly backendId: string; readonly isUp: boolean; readonly isDraining: boolean }[];
}

/** How far back failures and waits are looked at. */
const WINDOW_SECONDS = 600;

export async function alertFacts({ sql }: Database): Promise<StoredFacts> {
  const [row] = await sql<[StoredFacts]>`
    WITH queued AS (
      SELECT count(*)::int AS waiting,
        coalesce(extract(epoch FROM now() - min(queued_at) FILTER (WHERE run_after <= now()))::float8, 0) AS "oldestWaitSeconds"
      FROM jobs WHERE state = 'queued'
    ), ended AS (
      SELECT count(*) FILTER (WHERE state = 'succeeded')::int AS succeeded, count(*) FILTER (WHERE state = 'failed')::int AS failed,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)::float8) AS "waitP95Seconds"
      FROM jobs WHERE finished_at > now() - ${interval(sql, WINDOW_SECONDS)}
    )
    SELECT queued.*, ended.*, coalesce((SELECT jsonb_agg(jsonb_build_object('backendId', b.id, 'isUp', ${isLive(sql)},
      'isDraining', b.draining_at IS NOT NULL) ORDER BY b.id) FROM backends b
      WHERE b.seen_at > now() - interval '1 day'), '[]') AS backends
    FROM queued, ended`;
  return row;
}
