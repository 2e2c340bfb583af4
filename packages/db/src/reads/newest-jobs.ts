import type { JobState } from "@darkroom/contracts";
import type postgres from "postgres";
import { atMost } from "../postgres/sql.ts";
import type { Place } from "./page-cursor.ts";

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** Which jobs a list is of. */
export interface WantedJobs {
  /** Null: every owner's. */
  readonly ownerIds: readonly string[] | null;
  /** Each at most once. */
  readonly states: readonly JobState[];
  /** Null: of any workflow, and of any batch or none. */
  readonly workflowId: string | null;
  readonly batchId: string | null;
  /** Only those with a favorite among their outputs. */
  readonly favorite: boolean;
  /** Only those made at this time or later, and before that one; ISO 8601. Null: no such bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only what is older than this place; null: from the newest on. */
  readonly before: Place | null;
}

/** Whether row `j` of jobs is one of a list, but for its owner and state (SQL). */
export function isWanted(
  sql: postgres.ISql,
  { workflowId, batchId, favorite, from, to, before }: WantedJobs,
): Fragment {
  let condition = sql`j.removed_at IS NULL`;
  if (workflowId !== null) condition = sql`${condition} AND j.workflow_id = ${workflowId}`;
  if (batchId !== null) condition = sql`${condition} AND j.batch_id = ${batchId}`;
  if (favorite) condition = sql`${condition} AND j.favorite`;
  if (from !== null) condition = sql`${condition} AND j.created_at >= ${from}::timestamptz`;
  if (to !== null) condition = sql`${condition} AND j.created_at < ${to}::timestamptz`;
  if (before !== null)
    condition = sql`${condition} AND (j.created_at, j.id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  return condition;
}

/**
 * The ids of the newest `limit` jobs of a list (SQL), at the same cost for any length of the list and any page of it. An
 * index has the jobs of one owner and one state in order; those of several have no order together, and Postgres would sort
 * them all. So the newest are taken of each owner and state apart, and of these the newest. Asked for are only columns
 * that the index has, because Postgres knows little of what an owner has and reads the rows in another order otherwise.
 */
export function newestJobs(sql: postgres.ISql, wanted: WantedJobs, { limit }: { limit: number }): Fragment {
  const { ownerIds, states } = wanted;
  const owners = ownerIds === null ? sql`` : sql`CROSS JOIN unnest(${[...ownerIds]}::uuid[]) AS owner (id)`;
  const isOfOwner = ownerIds === null ? sql`` : sql`j.owner_id = owner.id AND`;
  return sql`
    SELECT newest.id FROM unnest(${[...states]}::text[]) AS state (name) ${owners}
    CROSS JOIN LATERAL (
      SELECT j.id, j.created_at FROM jobs j WHERE ${isOfOwner} j.state = state.name AND ${isWanted(sql, wanted)}
      ORDER BY j.created_at DESC, j.id DESC ${atMost(sql, limit)}) newest
    ORDER BY newest.created_at DESC, newest.id DESC ${atMost(sql, limit)}`;
}
