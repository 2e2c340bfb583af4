import type { InputValues } from "@darkroom/contracts";
import type { Database } from "./client.ts";
import { isLive } from "./fragments.ts";

/** What the length of a run goes by. */
export interface JobSize {
  readonly workflowId: string;
  /** Of the job's inputs those that say how much there is to do: `steps`, `width`, `height` and `count`. */
  readonly size: InputValues;
}
export interface WaitingJob extends JobSize {
  readonly jobId: string;
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

const sizeOf = (sql: Database["sql"]) =>
  sql`jsonb_strip_nulls(jsonb_build_object('steps', j.inputs->'steps', 'width', j.inputs->'width',
    'height', j.inputs->'height', 'count', j.inputs->'count'))`;

/** Every workflow's last successes. */
export async function recentRuns({ sql }: Database): Promise<RunTime[]> {
  return sql<RunTime[]>`
    SELECT w.id AS "workflowId", r.* FROM workflows w CROSS JOIN LATERAL (
      SELECT ${sizeOf(sql)} AS size, j.backend_id AS "backendId",
        extract(epoch FROM j.finished_at - j.started_at)::float8 AS seconds
      FROM jobs j WHERE j.workflow_id = w.id AND j.state = 'succeeded' AND j.started_at IS NOT NULL
      ORDER BY j.finished_at DESC LIMIT ${RUNS_PER_WORKFLOW}) r`;
}

/** The jobs that backends work on now, anyone's, the longest running first. */
export async function runningJobs({ sql }: Database): Promise<RunningJob[]> {
  return sql<RunningJob[]>`
    SELECT j.id AS "jobId", j.workflow_id AS "workflowId", ${sizeOf(sql)} AS size, j.backend_id AS "backendId",
      CASE WHEN j.stage = 'preparing' THEN 0 ELSE extract(epoch FROM now() - j.started_at)::float8 END AS seconds
    FROM jobs j WHERE j.state IN ('running', 'canceling') AND j.started_at IS NOT NULL ORDER BY j.started_at, j.id`;
}

/** The jobs that wait and are due, by id: anyone's, or these. */
export async function waitingJobs({ sql }: Database, jobIds?: readonly string[]): Promise<Map<string, WaitingJob>> {
  const isWanted = jobIds === undefined ? sql`` : sql`AND j.id = ANY(${[...jobIds]}::uuid[])`;
  const rows = await sql<WaitingJob[]>`
    SELECT j.id AS "jobId", j.workflow_id AS "workflowId", ${sizeOf(sql)} AS size
    FROM jobs j WHERE j.state = 'queued' AND j.run_after <= now() ${isWanted}`;
  return new Map(rows.map((row) => [row.jobId, row]));
}

/** Backend id → how many prompts it runs at once, of those that take new work now. */
export async function liveSlots({ sql }: Database): Promise<Map<string, number>> {
  const rows = await sql<{ backendId: string; count: number }[]>`
    SELECT b.id AS "backendId", count(*) AS count FROM backends b JOIN slots s ON s.backend_id = b.id
    WHERE ${isLive(sql)} AND s.kind = 'run' GROUP BY b.id`;
  return new Map(rows.map(({ backendId, count }) => [backendId, count]));
}
