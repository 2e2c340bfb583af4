import type { Database } from "../postgres/client.ts";

/** Waiting jobs that have something in common. */
export interface WaitingGroup {
  /** A workflow's slug, an owner's id, or a capability key. */
  readonly key: string;
  /** Its name for people; null where it has none. */
  readonly name: string | null;
  readonly waiting: number;
  /** Of those that are due, the longest wait; null: none is due. */
  readonly oldestWaitSeconds: number | null;
}

/** More rows than this tell an operator nothing. */
const GROUPS = 12;

/** Who waits: by workflow, by owner, and by what a backend must have; most first. It reads the waiting jobs only. */
export async function waitingGroups({
  sql,
}: Database): Promise<{ workflows: WaitingGroup[]; owners: WaitingGroup[]; pools: WaitingGroup[] }> {
  const [row] = await sql<[{ workflows: WaitingGroup[]; owners: WaitingGroup[]; pools: WaitingGroup[] }]>`
    WITH waiting AS MATERIALIZED (
      SELECT workflow_id, owner_id, capability_key, coalesce(model_key, '') AS model_key,
        CASE WHEN run_after <= now() THEN extract(epoch FROM now() - queued_at)::float8 END AS seconds
      FROM jobs WHERE state = 'queued'
    ), by_workflow AS (
      SELECT workflow_id, count(*)::int AS waiting, max(seconds) AS "oldestWaitSeconds"
      FROM waiting GROUP BY workflow_id ORDER BY 2 DESC, 1 LIMIT ${GROUPS}
    ), by_owner AS (
      SELECT owner_id AS key, count(*)::int AS waiting, max(seconds) AS "oldestWaitSeconds"
      FROM waiting GROUP BY owner_id ORDER BY 2 DESC, 1 LIMIT ${GROUPS}
    ), by_pool AS (
      SELECT capability_key AS key, nullif(min(model_key), '') AS name, count(*)::int AS waiting,
        max(seconds) AS "oldestWaitSeconds"
      FROM waiting GROUP BY capability_key ORDER BY 3 DESC, 1 LIMIT ${GROUPS}
    ), named_workflow AS (
      -- Names are looked up of the few that are shown.
      SELECT (SELECT slug FROM workflows WHERE id = workflow_id) AS key,
        (SELECT name FROM workflows WHERE id = workflow_id) AS name, waiting, "oldestWaitSeconds" FROM by_workflow
    ), named_owner AS (
      SELECT key, (SELECT display_name FROM owners WHERE id = key) AS name, waiting, "oldestWaitSeconds" FROM by_owner
    )
    SELECT coalesce((SELECT jsonb_agg(named_workflow) FROM named_workflow), '[]') AS workflows,
      coalesce((SELECT jsonb_agg(named_owner) FROM named_owner), '[]') AS owners,
      coalesce((SELECT jsonb_agg(by_pool) FROM by_pool), '[]') AS pools`;
  return row;
}

/** The unfinished jobs of these owners, and these jobs, together. */
export async function countFollowedJobs(
  { sql }: Database,
  { ownerIds, jobIds }: { readonly ownerIds: readonly string[]; readonly jobIds: readonly string[] },
): Promise<number> {
  if (ownerIds.length === 0) return new Set(jobIds).size;
  const [row] = await sql<[{ count: number }]>`
    SELECT count(*)::int AS count FROM (
      SELECT id FROM jobs WHERE state IN ('queued', 'running', 'canceling') AND owner_id = ANY(${[...ownerIds]}::uuid[])
      UNION SELECT unnest(${[...jobIds]}::uuid[])) followed`;
  return row.count;
}

/** Owner id → name, of those that have one. */
export async function ownerNames({ sql }: Database, ownerIds: readonly string[]): Promise<Map<string, string>> {
  if (ownerIds.length === 0) return new Map();
  const rows = await sql<{ id: string; name: string }[]>`
    SELECT id, display_name AS name FROM owners WHERE id = ANY(${[...ownerIds]}::uuid[]) AND display_name IS NOT NULL`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}
