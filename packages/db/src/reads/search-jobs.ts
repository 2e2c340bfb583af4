import { isTerminal } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isWanted, newestJobs, type WantedJobs } from "./newest-jobs.ts";
import type { Place } from "./page-cursor.ts";
import { containing, searchQuery } from "./search-query.ts";

/**
 * So many of the newest jobs are read before the index is asked. What one job in a hundred has is found among them at once,
 * while the index would name thousands of jobs, of which only the newest few are wanted.
 */
const READ_FIRST = 2000;

/** So many jobs that the index names, anybody's, are read rather than looked for among those of the list, of which there may be far more. */
const NAMED_FIRST = 2000;

/** The ids of the newest `limit` jobs of a list that have a text in one of their inputs. `text` is in `searchForm`. */
export async function searchJobs(
  database: Database,
  { text, wanted, limit }: { text: string; wanted: WantedJobs; limit: number },
): Promise<readonly string[]> {
  const { ids, readTo } = await amongNewest(database, { text, wanted, limit });
  if (readTo === null || ids.length >= limit) return ids;
  const older = await byIndex(database, { text, wanted: { ...wanted, before: readTo }, limit: limit - ids.length });
  return [...ids, ...older];
}

/** Those among the newest jobs of the list, and the place of the last that was read; null if there are no more. */
async function amongNewest(
  { sql }: Database,
  { text, wanted, limit }: { text: string; wanted: WantedJobs; limit: number },
): Promise<{ readonly ids: readonly string[]; readonly readTo: Place | null }> {
  const [row] = await sql<[{ ids: string[]; count: number; at: Date; id: string }]>`
    WITH newest AS MATERIALIZED (
      SELECT job.* FROM (${newestJobs(sql, wanted, { limit: READ_FIRST })}) AS wanted
      -- One by one, by their ids: without OFFSET Postgres may think it quicker to read all jobs from end to end.
      CROSS JOIN LATERAL (SELECT id, created_at, search_text FROM jobs WHERE id = wanted.id OFFSET 0) AS job
    ), last AS (SELECT created_at, id FROM newest ORDER BY created_at, id LIMIT 1)
    SELECT to_jsonb(ARRAY(
        SELECT j.id FROM newest j WHERE ${containing(sql, text)} ORDER BY j.created_at DESC, j.id DESC LIMIT ${limit})) AS ids,
      (SELECT count(*) FROM newest) AS count, (SELECT created_at FROM last) AS at, (SELECT id FROM last) AS id`;
  const readTo = row.count < READ_FIRST ? null : { at: row.at.toISOString(), id: row.id };
  return { ids: row.ids, readTo };
}

/** Of ended jobs those that the index names, each of them read to be sure; of the others, which it has not, all are read. */
async function byIndex(
  { sql }: Database,
  { text, wanted, limit }: { text: string; wanted: WantedJobs; limit: number },
): Promise<readonly string[]> {
  const { ownerIds, states } = wanted;
  const isOfOwners = ownerIds === null ? sql`true` : sql`j.owner_id = ANY(${[...ownerIds]}::uuid[])`;
  const isFound = sql`${isOfOwners} AND ${isWanted(sql, wanted)} AND ${containing(sql, text)}`;
  const isNamed = sql`search_grams(j.search_text) @@ ${searchQuery(text)}::tsquery AND j.finished_at IS NOT NULL`;
  const ended = states.filter(isTerminal);
  const open = states.filter((state) => !isTerminal(state));
  // Each part is worked out by itself: a limit that Postgres knows of makes it look through all jobs in order instead.
  const rows = await sql<{ id: string }[]>`
    WITH named AS MATERIALIZED (
      SELECT j.id, j.owner_id, j.workflow_id, j.batch_id, j.state, j.created_at, j.removed_at, j.favorite, j.search_text
      FROM jobs j WHERE ${isNamed} LIMIT ${NAMED_FIRST + 1}
    ), ended AS MATERIALIZED (
      SELECT j.id, j.created_at FROM named j
      WHERE (SELECT count(*) FROM named) <= ${NAMED_FIRST} AND j.state = ANY(${ended}::text[]) AND ${isFound}
      UNION ALL
      -- More than are read at once: those of the list are looked up in its own index as well, half a second for each million of them.
      SELECT j.id, j.created_at FROM jobs j
      WHERE (SELECT count(*) FROM named) > ${NAMED_FIRST} AND ${isNamed} AND j.state = ANY(${ended}::text[]) AND ${isFound}
    ), open AS MATERIALIZED (
      -- By name too: of states that it does not know Postgres expects as many jobs as there are, and reads them all.
      SELECT j.id, j.created_at FROM jobs j
      WHERE j.state IN ('queued', 'running', 'canceling') AND j.state = ANY(${open}::text[]) AND ${isFound}
    )
    SELECT id FROM (SELECT * FROM ended UNION ALL SELECT * FROM open) AS found
    ORDER BY created_at DESC, id DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
