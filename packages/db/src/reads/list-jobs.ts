import { type JobState, type JobView, jobStates } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { selectJobViews } from "./job-view.ts";
import { newestJobs, type WantedJobs } from "./newest-jobs.ts";
import { decodeCursor, pageOf } from "./page-cursor.ts";
import { searchJobs } from "./search-jobs.ts";
import { searchForm } from "./search-text.ts";
import { workflowIdOf } from "./workflow-id.ts";

export interface JobFilter {
  /** Null: every owner's (operators). */
  readonly ownerIds: readonly string[] | null;
  readonly limit: number;
  readonly cursor?: string | null;
  readonly state?: JobState | readonly JobState[];
  /** Id or slug. */
  readonly workflow?: string;
  readonly batchId?: string;
  /** True: only those with a favorite among their outputs. */
  readonly favorite?: boolean;
  /** Only those made at this time or later, and before that one; ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  /** Part of any text input, in any case, however its white space is broken and its letters composed. */
  readonly search?: string;
}

/**
 * A page of jobs, newest first. Pages are cut by key, so jobs that come or change meanwhile make no gap and no repeat.
 *
 * @throws DarkroomError `INPUT_INVALID` for a cursor that is not ours.
 */
export async function listJobs(
  database: Database,
  filter: JobFilter,
): Promise<{ readonly items: readonly JobView[]; readonly nextCursor: string | null }> {
  const { sql } = database;
  const { ownerIds, limit, state, workflow, batchId, favorite = false, from = null, to = null, search } = filter;
  const before = decodeCursor(filter.cursor);
  if (batchId !== undefined && !isUuid(batchId)) return { items: [], nextCursor: null };
  const workflowId = workflow === undefined ? null : await workflowIdOf(database, workflow);
  if (workflow !== undefined && workflowId === null) return { items: [], nextCursor: null };
  const wanted: WantedJobs = {
    ownerIds,
    states: state === undefined ? jobStates : [...new Set([state].flat())],
    workflowId,
    batchId: batchId ?? null,
    favorite,
    from,
    to,
    before,
  };
  const text = searchForm(search ?? "");
  const isOnPage =
    text === ""
      ? sql`j.id IN (${newestJobs(sql, wanted, { limit: limit + 1 })})`
      : sql`j.id = ANY(${await searchJobs(database, { text, wanted, limit: limit + 1 })}::uuid[])`;
  const rows = await selectJobViews(sql, isOnPage, sql`ORDER BY j.created_at DESC, j.id DESC`);
  return pageOf(rows, limit, (job) => ({ at: job.createdAt, id: job.jobId }));
}
