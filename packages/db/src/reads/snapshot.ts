import type { JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { isOwnedBy, selectJobViews } from "./job-view.ts";

export interface Snapshot {
  readonly jobs: readonly JobView[];
  /** The last `ownerSeq` the jobs include, per owner; 0 for an owner without events. */
  readonly cursor: Readonly<Record<string, number>>;
}

/**
 * The owners' open jobs (or the one job, open or not) and the place in their feeds that these jobs show: the events after
 * the cursor, applied to the jobs, give the present. Both come from one database snapshot.
 */
export async function snapshot(
  database: Database,
  request: { ownerIds: readonly string[]; jobId?: string },
): Promise<Snapshot> {
  const { ownerIds, jobId } = request;
  const read = async (tx: Transaction): Promise<Snapshot> => {
    const heads = await tx<{ ownerId: string; seq: number }[]>`
      SELECT owner_id AS "ownerId", seq FROM owner_feeds WHERE owner_id = ANY(${[...ownerIds]}::uuid[])`;
    const which = jobId === undefined ? tx`j.state IN ('queued', 'running', 'canceling')` : tx`j.id = ${jobId}`;
    const jobs =
      jobId !== undefined && !isUuid(jobId)
        ? []
        : await selectJobViews(tx, tx`${which} AND ${isOwnedBy(tx, ownerIds)}`, tx`ORDER BY j.created_at, j.id`);
    const cursor: Record<string, number> = {};
    for (const ownerId of ownerIds) cursor[ownerId] = heads.find((head) => head.ownerId === ownerId)?.seq ?? 0;
    return { jobs, cursor };
  };
  return inTransaction(database, read, "isolation level repeatable read read only");
}
