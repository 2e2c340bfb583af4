import type { JobState, JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { isOwnedBy, selectJobViews } from "./job-view.ts";
import { decodeCursor, pageOf } from "./page-cursor.ts";
import { searchForm } from "./search-text.ts";

export interface JobFilter {
  /** Null: every owner's (operators). */
  readonly ownerIds: readonly string[] | null;
  readonly limit: number;
  readonly cursor?: string | null;
  readonly state?: JobState | readonly JobState[];
  /** Id or slug. */
  readonly workflow?: string;
  readonly batchId?: string;
  /** Part of any text input, in any case, however its white space is broken and its letters composed. */
  readonly search?: string;
}

/**
 * A page of jobs, newest first. Pages are cut by key, so jobs that come or change meanwhile make no gap and no repeat.
 *
 * @throws DarkroomError `INPUT_INVALID` for a cursor that is not ours.
 */
export async function listJobs(
  { sql }: Database,
  filter: JobFilter,
): Promise<{ readonly items: readonly JobView[]; readonly nextCursor: string | null }> {
  const { ownerIds, limit, state, workflow, batchId, search } = filter;
  const after = decodeCursor(filter.cursor);
  if (batchId !== undefined && !isUuid(batchId)) return { items: [], nextCursor: null };
  let where = isOwnedBy(sql, ownerIds);
  if (after !== null) where = sql`${where} AND (j.created_at, j.id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  if (state !== undefined) where = sql`${where} AND j.state = ANY(${[state].flat()}::text[])`;
  if (workflow !== undefined)
    where = sql`${where} AND (w.slug = ${workflow} OR w.id::text = ${workflow.toLowerCase()})`;
  if (batchId !== undefined) where = sql`${where} AND j.batch_id = ${batchId}`;
  const wanted = searchForm(search ?? "");
  if (wanted !== "") where = sql`${where} AND j.search_text LIKE ${`%${wanted.replace(/[\\%_]/g, "\\$&")}%`}`;
  const rows = await selectJobViews(sql, where, sql`ORDER BY j.created_at DESC, j.id DESC LIMIT ${limit + 1}`);
  return pageOf(rows, limit, (job) => ({ at: job.createdAt, id: job.jobId }));
}
