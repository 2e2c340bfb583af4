import type { JobState } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";

/** Where a job stands: its state, the claim it is at, and the version of its last durable event. */
export interface StoredJobState {
  readonly jobId: string;
  readonly version: number;
  readonly attempt: number;
  readonly state: JobState;
}

/** The id of the request that made a job; null if it is not known, or there is no such job. */
export async function requestOfJob({ sql }: Database, jobId: string): Promise<string | null> {
  if (!isUuid(jobId)) return null;
  const [row] = await sql<
    { requestId: string | null }[]
  >`SELECT request_id AS "requestId" FROM jobs WHERE id = ${jobId}`;
  return row?.requestId ?? null;
}

/** Where jobs stand, by id; one that does not exist is absent. One query, however many jobs. */
export async function readJobStates(
  { sql }: Database,
  jobIds: readonly string[],
): Promise<Map<string, StoredJobState>> {
  // The ids come from messages: one that is no UUID is no job, and must not fail the query for the others.
  const ids = jobIds.filter(isUuid);
  if (ids.length === 0) return new Map();
  const rows = await sql<StoredJobState[]>`
    SELECT id AS "jobId", version, attempt, state FROM jobs WHERE id = ANY(${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.jobId, row]));
}
