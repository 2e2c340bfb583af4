import type { JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { isOwnedBy, type JobRow, jobRows, viewOf } from "./job-view.ts";

export interface Snapshot {
  readonly jobs: readonly JobView[];
  /** The last `ownerSeq` the jobs include, per owner; 0 for an owner without events. */
  readonly cursor: Readonly<Record<string, number>>;
}

/**
 * The owners' open jobs (or the one job, open or not) and the place in their feeds that these jobs show: the events after
 * the cursor, applied to the jobs, give the present. One statement, so that both are of one moment and one round trip.
 */
export async function snapshot(
  { sql }: Database,
  { ownerIds, jobId }: { ownerIds: readonly string[]; jobId?: string },
): Promise<Snapshot> {
  const which =
    jobId === undefined
      ? sql`j.state IN ('queued', 'running', 'canceling')`
      : isUuid(jobId)
        ? sql`j.id = ${jobId}`
        : sql`false`;
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
