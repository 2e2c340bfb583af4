import { createBatcher, type JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { isOwnedBy, type JobRow, jobRows, viewOf } from "./job-view.ts";

export interface Snapshot {
  readonly jobs: readonly JobView[];
  /** The last `ownerSeq` the jobs include, per owner; 0 for an owner without events. */
  readonly cursor: Readonly<Record<string, number>>;
}

/** Longer than the statement takes. While Postgres stands still, nobody waits for the deadline of those before as well. */
const PATIENCE_MS = 100;

type Ask = (ownerIds: readonly string[]) => Promise<Snapshot>;

const asks = new WeakMap<Database, Ask>();

/**
 * The owners' open jobs (or the one job, open or not) and the place in their feeds that these jobs show: the events after
 * the cursor, applied to the jobs, give the present. Those who ask for open jobs in the same moment are answered by one statement.
 */
export function snapshot(
  database: Database,
  { ownerIds, jobId }: { ownerIds: readonly string[]; jobId?: string },
): Promise<Snapshot> {
  const { sql } = database;
  if (jobId !== undefined) return readSnapshot(database, ownerIds, isUuid(jobId) ? sql`j.id = ${jobId}` : sql`false`);
  const ask =
    asks.get(database) ??
    createBatcher((asked: readonly (readonly string[])[]) => readOpen(database, asked), { patienceMs: PATIENCE_MS });
  asks.set(database, ask);
  return ask(ownerIds);
}

/** Of what all of them may see, to each what is theirs. */
async function readOpen(database: Database, asked: readonly (readonly string[])[]): Promise<Snapshot[]> {
  const all = [...new Set(asked.flat())];
  const { jobs, cursor } = await readSnapshot(
    database,
    all,
    database.sql`j.state IN ('queued', 'running', 'canceling')`,
  );
  if (asked.length === 1) return [{ jobs, cursor }];
  const jobsOf = Map.groupBy(jobs, ({ owner }) => owner?.ownerId);
  return asked.map((ownerIds) => ({
    // Nearly everybody is one owner.
    jobs:
      ownerIds.length === 1
        ? (jobsOf.get(ownerIds[0]) ?? [])
        : jobs.filter(({ owner }) => ownerIds.includes(owner?.ownerId ?? "")),
    cursor: Object.fromEntries(ownerIds.map((ownerId) => [ownerId, cursor[ownerId] ?? 0])),
  }));
}

/** One statement, so that jobs and places are of one moment and one round trip. */
async function readSnapshot(
  { sql }: Database,
  ownerIds: readonly string[],
  which: ReturnType<typeof jobRows>,
): Promise<Snapshot> {
  // Without jobs one row, of nothing but the heads.
  const rows = await sql<({ heads: Record<string, number> | null } & (JobRow | { jobId: null }))[]>`
    SELECT feeds.heads, views.* FROM (
      SELECT jsonb_object_agg(owner_id, seq) AS heads FROM owner_feeds WHERE owner_id = ANY(${[...ownerIds]}::uuid[])
    ) feeds
    LEFT JOIN (${jobRows(sql, sql`${which} AND ${isOwnedBy(sql, ownerIds)}`)}) views ON true
    ORDER BY views."createdAt", views."jobId"`;
  const heads = rows[0]?.heads ?? {};
  const jobs = rows.flatMap(({ heads: _, ...row }) => (row.jobId === null ? [] : [viewOf(row)]));
  return { jobs, cursor: Object.fromEntries(ownerIds.map((ownerId) => [ownerId, heads[ownerId] ?? 0])) };
}
