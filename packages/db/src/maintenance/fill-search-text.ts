import type { InputValues } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { searchTextOf } from "../reads/search-text.ts";

/** Jobs of one call: a few milliseconds of work, so that nobody who waits for their rows notices. */
const JOBS_AT_ONCE = 500;

/**
 * Makes jobs searchable that a program without search texts stored, newest first: those from before the migration, which
 * would have held the table for minutes, and those of an old process during a rolling upgrade. One call does a few, so call
 * it again and again while there are any.
 */
export async function fillSearchTexts(database: Database): Promise<void> {
  await inTransaction(database, async (tx) => {
    const jobs = await tx<{ id: string; inputs: InputValues }[]>`
      SELECT id, inputs FROM jobs WHERE search_text IS NULL AND removed_at IS NULL
      ORDER BY created_at DESC LIMIT ${JOBS_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`;
    if (jobs.length === 0) return;
    const ids = jobs.map(({ id }) => id);
    const texts = jobs.map(({ inputs }) => searchTextOf(inputs));
    await tx`
      UPDATE jobs SET search_text = filled.text
      FROM unnest(${ids}::uuid[], ${texts}::text[]) AS filled (id, text) WHERE jobs.id = filled.id`;
  });
}

/**
 * Puts the jobs that ended since the last call into the index of searches, from the list where Postgres keeps what is new
 * to an index of this kind. Whoever lets the list grow too long does that work itself, and here that would be a worker while
 * an owner waits for the end of a job. Until then a search looks through the list.
 */
export async function tidySearch({ sql }: Database): Promise<void> {
  // Postgres allows it to the role that made the index; where that is another one, the list is worked off when it is long.
  await sql`
    SELECT gin_clean_pending_list(oid) FROM pg_class
    WHERE oid = to_regclass('public.jobs_search') AND pg_has_role(relowner, 'USAGE')`;
}
