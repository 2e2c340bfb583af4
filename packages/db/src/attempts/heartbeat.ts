import type { Progress } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, interval, json } from "../postgres/sql.ts";

export interface HeldJob {
  readonly jobId: string;
  readonly attempt: number;
}
export interface HeldSlot {
  readonly backendId: string;
  readonly ordinal: number;
}
export interface Heartbeat {
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** `progress` null leaves what is stored. */
  readonly jobs: readonly (HeldJob & { readonly progress: Progress | null })[];
  readonly slots: readonly HeldSlot[];
}
export interface HeartbeatAnswer {
  readonly lostJobs: readonly HeldJob[];
  /** Held jobs whose owner asked to stop them, with their version since: only that event raises it beside the worker's own. */
  readonly canceling: readonly { readonly jobId: string; readonly version: number }[];
  readonly lostSlots: readonly HeldSlot[];
}

/**
 * Renews, in one statement, every lease that is still this worker's, late or not, and stores progress. Tells which jobs
 * and slots it lost. Locks job rows by id and no feed, so no transition waits for a heartbeat's other jobs.
 */
export async function heartbeat(database: Database, beat: Heartbeat): Promise<HeartbeatAnswer> {
  const { sql } = database;
  const { workerId, leaseSeconds, jobs, slots } = beat;
  if (jobs.length === 0 && slots.length === 0) return { lostJobs: [], canceling: [], lostSlots: [] };
  const until = sql`${clock(sql)} + ${interval(sql, leaseSeconds)}`;
  const [answer] = await sql<
    [
      {
        jobs: { jobId: string; attempt: number; version: number; state: string }[];
        slots: { backendId: string; ordinal: number }[];
      },
    ]
  >`
    WITH held AS (
      SELECT j.id, item.progress
      FROM jsonb_to_recordset(${json(sql, jobs)}::jsonb) AS item ("jobId" uuid, attempt int, progress jsonb)
      JOIN jobs j ON j.id = item."jobId" AND j.attempt = item.attempt AND j.state IN ('running', 'canceling')
      ORDER BY j.id FOR UPDATE OF j
    ), renewed AS (
      UPDATE jobs j SET lease_until = ${until}, progress = coalesce(held.progress, j.progress)
      FROM held WHERE j.id = held.id RETURNING j.id, j.attempt, j.version, j.state
    ), kept AS (
      UPDATE slots s SET lease_until = ${until}
      FROM jsonb_to_recordset(${json(sql, slots)}::jsonb) AS item ("backendId" text, ordinal int)
      WHERE s.backend_id = item."backendId" AND s.ordinal = item.ordinal AND s.holder = ${workerId}
      RETURNING s.backend_id, s.ordinal
    )
    SELECT
      (SELECT coalesce(jsonb_agg(jsonb_build_object('jobId', id, 'attempt', attempt, 'version', version,
        'state', state)), '[]')
        FROM renewed) AS jobs,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('backendId', backend_id, 'ordinal', ordinal)), '[]')
        FROM kept) AS slots`;
  const keptJobs = new Set(answer.jobs.map(({ jobId, attempt }) => `${jobId} ${attempt}`));
  const keptSlots = new Set(answer.slots.map(({ backendId, ordinal }) => `${backendId} ${ordinal}`));
  return {
    lostJobs: jobs
      .filter(({ jobId, attempt }) => !keptJobs.has(`${jobId} ${attempt}`))
      .map(({ jobId, attempt }) => ({ jobId, attempt })),
    canceling: answer.jobs
      .filter(({ state }) => state === "canceling")
      .map(({ jobId, version }) => ({ jobId, version })),
    lostSlots: slots
      .filter(({ backendId, ordinal }) => !keptSlots.has(`${backendId} ${ordinal}`))
      .map(({ backendId, ordinal }) => ({ backendId, ordinal })),
  };
}
