import type { InputValues } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost, isLive, isPausedNow } from "../postgres/sql.ts";
import type { Transaction } from "../postgres/transaction.ts";
import { type Waiting, waitingRow, waitReasonOf } from "./wait-reason.ts";

/** What the length of a run goes by. */
export interface JobSize {
  readonly workflowId: string;
  /** Of the job's inputs those that say how much there is to do: `steps`, `width`, `height` and `count`. */
  readonly size: InputValues;
}
export interface WaitingJob extends JobSize {
  readonly jobId: string;
}
/** A job that waits and is due, as the schedule sees it. */
export interface QueuedJob extends WaitingJob {
  /** The backends that may run it; null: not worked out yet. */
  readonly backendIds: readonly string[] | null;
}
export interface RunningJob extends JobSize {
  readonly jobId: string;
  readonly backendId: string;
  /** Since its prompt began to run; 0 while it waits on its backend behind another. */
  readonly seconds: number;
}
/** A run that succeeded. */
export interface RunTime extends JobSize {
  readonly backendId: string;
  /** From the start of its prompt to success. */
  readonly seconds: number;
}

/** Runs of one workflow that are looked at: enough for a median on several backends, few enough to follow a change. */
const RUNS_PER_WORKFLOW = 40;

/** {@link JobSize}'s size of row `j` of jobs. */
export const sizeOf = (sql: Database["sql"] | Transaction) =>
  sql`jsonb_strip_nulls(jsonb_build_object('steps', j.inputs->'steps', 'width', j.inputs->'width',
    'height', j.inputs->'height', 'count', j.inputs->'count'))`;

/** Every workflow's last successes, the newest of each first. */
export async function recentRuns({ sql }: Database): Promise<RunTime[]> {
  return sql<RunTime[]>`
    SELECT w.id AS "workflowId", r.size, r."backendId", r.seconds FROM workflows w CROSS JOIN LATERAL (
      SELECT ${sizeOf(sql)} AS size, j.backend_id AS "backendId", j.finished_at,
        extract(epoch FROM j.finished_at - j.started_at)::float8 AS seconds
      FROM jobs j WHERE j.workflow_id = w.id AND j.state = 'succeeded' AND j.started_at IS NOT NULL
        AND j.removed_at IS NULL
      ORDER BY j.finished_at DESC ${atMost(sql, RUNS_PER_WORKFLOW)}) r
    ORDER BY r.finished_at DESC`;
}

/** The jobs that backends work on now, anyone's, the longest running first. */
export async function runningJobs({ sql }: Database): Promise<RunningJob[]> {
  return sql<RunningJob[]>`
    SELECT j.id AS "jobId", j.workflow_id AS "workflowId", ${sizeOf(sql)} AS size, j.backend_id AS "backendId",
      CASE WHEN j.stage = 'preparing' THEN 0 ELSE extract(epoch FROM now() - j.started_at)::float8 END AS seconds
    FROM jobs j WHERE j.state IN ('running', 'canceling') AND j.started_at IS NOT NULL ORDER BY j.started_at, j.id`;
}

/** Everybody's jobs that wait and are due, by id. */
export async function queuedJobs({ sql }: Database): Promise<Map<string, QueuedJob>> {
  const rows = await sql<QueuedJob[]>`
    WITH able AS (
      SELECT a.capability_key, coalesce(array_agg(b.id) FILTER (WHERE a.lacks = '[]'::jsonb), '{}') AS ids
      FROM backends b JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash WHERE ${isLive(sql)} GROUP BY 1)
    SELECT j.id AS "jobId", j.workflow_id AS "workflowId", ${sizeOf(sql)} AS size,
      CASE WHEN j.adopt_backend_id IS NULL THEN able.ids ELSE ARRAY[j.adopt_backend_id] END AS "backendIds"
    FROM jobs j LEFT JOIN able ON able.capability_key = j.capability_key
    WHERE j.state = 'queued' AND j.run_after <= now()`;
  return new Map(rows.map((row) => [row.jobId, row]));
}

/** Those of these jobs that wait and are due, each with the reason in words; null when it simply waits its turn. */
export async function waitingJobs(
  { sql }: Database,
  jobIds: readonly string[],
): Promise<(WaitingJob & { readonly waitReason: string | null })[]> {
  // What a reason goes by is the same for many jobs, and asked for once a second: so it is worked out once for all of a kind.
  const rows = await sql<(WaitingJob & { readonly waiting: Waiting })[]>`
    WITH wanted AS MATERIALIZED (
      SELECT id, workflow_id, inputs, state, run_after, capability_key, adopt_backend_id FROM jobs
      WHERE id = ANY(${[...jobIds]}::uuid[]) AND state = 'queued' AND run_after <= now()
    ), kinds AS MATERIALIZED (
      SELECT j.capability_key, j.adopt_backend_id, to_jsonb(waiting) AS waiting
      FROM (SELECT DISTINCT ON (capability_key, adopt_backend_id) * FROM wanted) j
      CROSS JOIN LATERAL (${waitingRow(sql)}) waiting)
    SELECT j.id AS "jobId", j.workflow_id AS "workflowId", ${sizeOf(sql)} AS size, k.waiting
    FROM wanted j JOIN kinds k
      ON k.capability_key = j.capability_key AND k.adopt_backend_id IS NOT DISTINCT FROM j.adopt_backend_id`;
  return rows.map(({ waiting, ...job }) => ({ ...job, waitReason: waitReasonOf(waiting) }));
}

/** Backend id → how many prompts it runs at once, of those that take new work now. Empty while the queue is paused. */
export async function liveSlots({ sql }: Database): Promise<Map<string, number>> {
  const rows = await sql<{ backendId: string; count: number }[]>`
    SELECT b.id AS "backendId", count(*) AS count FROM backends b JOIN slots s ON s.backend_id = b.id
    WHERE ${isLive(sql)} AND s.kind = 'run' AND NOT ${isPausedNow(sql)}
    GROUP BY b.id HAVING bool_or(s.lease_until > now())`;
  return new Map(rows.map(({ backendId, count }) => [backendId, count]));
}
