import type { DurableEvent, InputValues, JobPriority, JobState } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { isOwnedBy } from "./job-view.ts";

export interface TimelineEntry {
  readonly type: DurableEvent["type"];
  readonly at: string;
  readonly attempt: number;
  readonly version: number;
  /** The id of the request that made its job, as it is in every log; null if it is not known. */
  readonly requestId: string | null;
  readonly payload: DurableEvent;
}
/** What `job.retry` and `job.rerun` need of an ended job. */
export interface JobSource {
  readonly jobId: string;
  readonly ownerId: string;
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly workflowVersion: number;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly priority: JobPriority;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly state: JobState;
}

/** A job's durable events, oldest first; null if there is no such job among those of `ownerIds` (null: anyone's). */
export async function jobTimeline(
  { sql }: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<TimelineEntry[] | null> {
  const { jobId, ownerIds } = request;
  if (!isUuid(jobId)) return null;
  const [job] = await sql<{ requestId: string | null }[]>`
    SELECT request_id AS "requestId" FROM jobs j WHERE j.id = ${jobId} AND ${isOwnedBy(sql, ownerIds)}`;
  if (job === undefined) return null;
  return sql<TimelineEntry[]>`
    SELECT type, payload->>'at' AS at, attempt, version, ${job.requestId}::text AS "requestId", payload FROM job_events
    WHERE job_id = ${jobId} ORDER BY version`;
}

/**
 * Which attempt works on a job now (`attempt` null: none does); null if there is no such job among those of `ownerIds`
 * (null: anyone's).
 */
export async function attemptAtWork(
  { sql }: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<{ readonly attempt: number | null } | null> {
  const { jobId, ownerIds } = request;
  if (!isUuid(jobId)) return null;
  const [row] = await sql<{ attempt: number | null }[]>`
    SELECT CASE WHEN j.state IN ('running', 'canceling') THEN j.attempt END AS attempt
    FROM jobs j WHERE j.id = ${jobId} AND ${isOwnedBy(sql, ownerIds)}`;
  return row ?? null;
}

/** What a job was made of; null if there is no such job among those of `ownerIds` (null: anyone's). */
export async function jobSource(
  { sql }: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<JobSource | null> {
  if (!isUuid(request.jobId)) return null;
  const [row] = await sql<JobSource[]>`
    SELECT j.id AS "jobId", owner_id AS "ownerId", j.workflow_id AS "workflowId",
      workflow_version_id AS "workflowVersionId", v.number AS "workflowVersion", inputs, seed, priority, metadata, state
    FROM jobs j JOIN workflow_versions v ON v.id = j.workflow_version_id WHERE j.id = ${request.jobId} AND ${isOwnedBy(sql, request.ownerIds)}`;
  return row ?? null;
}
