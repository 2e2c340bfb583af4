import type { JobView } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost, clock } from "../postgres/sql.ts";
import { isOwnedBy, selectJobViews } from "../reads/job-view.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

/**
 * Failed jobs that nobody has tried again or discarded, anyone's, newest first.
 *
 * @throws DarkroomError `INPUT_INVALID` for a cursor that is not ours.
 */
export async function listDeadLetters(
  { sql }: Database,
  page: { readonly limit: number; readonly cursor?: string | null },
): Promise<{ readonly items: readonly JobView[]; readonly nextCursor: string | null }> {
  const after = decodeCursor(page.cursor);
  const isAfter =
    after === null ? sql`true` : sql`(j.created_at, j.id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  const rows = await selectJobViews(
    sql,
    sql`j.state = 'failed' AND j.discarded_at IS NULL AND ${isOwnedBy(sql, null)} AND ${isAfter}
      AND NOT EXISTS (SELECT 1 FROM jobs again WHERE again.retry_of = j.id)`,
    sql`ORDER BY j.created_at DESC, j.id DESC ${atMost(sql, page.limit + 1)}`,
  );
  return pageOf(rows, page.limit, (job) => ({ at: job.createdAt, id: job.jobId }));
}

/** Puts dead letters away; their jobs stay as they ended. Answers the ids that were there to discard. */
export async function discardDeadLetters({ sql }: Database, jobIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    UPDATE jobs SET discarded_at = ${clock(sql)}
    WHERE id = ANY(${[...jobIds]}::uuid[]) AND state = 'failed' AND discarded_at IS NULL AND removed_at IS NULL
    RETURNING id`;
  return rows.map(({ id }) => id);
}
