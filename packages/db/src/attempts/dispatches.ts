import type { Graph, JobState } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, json } from "../postgres/sql.ts";

export interface OpenDispatch {
  readonly promptId: string;
  readonly clientId: string;
  readonly backendId: string;
  readonly attempt: number;
  /** It was handed over while another prompt ran. */
  readonly behind: boolean;
  /** Seconds since its run was first seen, by whichever attempt; null if nobody saw it run. */
  readonly runningSeconds: number | null;
}

export interface DispatchRecord {
  readonly promptId: string;
  readonly jobId: string;
  readonly requestId: string | null;
  readonly attempt: number;
  readonly clientId: string;
  readonly jobState: JobState;
  /** True if a worker holds the job's lease: leave the prompt alone. */
  readonly leaseLive: boolean;
  /** False if the job ended or was dispatched again since: the prompt is an orphan. */
  readonly current: boolean;
}

/**
 * Notes, before `POST /prompt`, which prompt an attempt is about to be on which backend, and the graph it is made of.
 * False, and nothing noted, if the attempt lost the job or its owner asked to stop it: do not submit. Earlier prompts of
 * the job become orphans.
 */
export async function recordDispatch(
  database: Database,
  dispatch: {
    jobId: string;
    attempt: number;
    backendId: string;
    promptId: string;
    clientId: string;
    graph: Graph;
    behind?: boolean;
  },
): Promise<boolean> {
  const { sql } = database;
  const { jobId, attempt, backendId, promptId, clientId, graph, behind = false } = dispatch;
  const rows = await sql`
    WITH job AS (
      SELECT id FROM jobs WHERE id = ${jobId} AND attempt = ${attempt} AND state = 'running' FOR UPDATE
    ), earlier AS (
      UPDATE dispatches d SET orphaned_at = ${clock(sql)} FROM job
      WHERE d.job_id = job.id AND d.prompt_id <> ${promptId} AND d.closed_at IS NULL AND d.orphaned_at IS NULL
    ), sent AS (
      UPDATE attempts a SET graph = ${json(sql, graph)} FROM job WHERE a.job_id = job.id AND a.attempt = ${attempt}
    )
    INSERT INTO dispatches (prompt_id, job_id, attempt, backend_id, client_id, behind, dispatched_at)
    SELECT ${promptId}, job.id, ${attempt}, ${backendId}, ${clientId}, ${behind}, ${clock(sql)} FROM job
    ON CONFLICT (prompt_id) DO UPDATE SET client_id = EXCLUDED.client_id
    RETURNING prompt_id`;
  return rows.length > 0;
}

/** Notes that the backend no longer holds the prompt: harvested, deleted, interrupted or lost. */
export async function closeDispatch(database: Database, dispatch: { promptId: string }): Promise<void> {
  const { sql } = database;
  await sql`
    UPDATE dispatches SET closed_at = ${clock(sql)} WHERE prompt_id = ${dispatch.promptId} AND closed_at IS NULL`;
}

/** The prompts that may be on a backend, oldest first. */
export async function openDispatches({ sql }: Database, filter: { backendId: string }): Promise<DispatchRecord[]> {
  return await sql<DispatchRecord[]>`${openDispatchesOn(sql, filter.backendId)}`;
}

/** {@link openDispatches}, to be asked within another question. */
export const openDispatchesOn = (sql: Database["sql"], backendId: string) => sql`
  SELECT d.prompt_id AS "promptId", d.job_id AS "jobId", j.request_id AS "requestId", d.attempt,
    d.client_id AS "clientId", j.state AS "jobState",
    j.state IN ('running', 'canceling') AND j.lease_until >= now() AS "leaseLive",
    j.state IN ('queued', 'running', 'canceling') AND d.orphaned_at IS NULL AS current
  FROM dispatches d JOIN jobs j ON j.id = d.job_id
  WHERE d.backend_id = ${backendId} AND d.closed_at IS NULL
  ORDER BY d.dispatched_at`;
