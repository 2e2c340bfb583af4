import type { InputValues } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { searchTextOf } from "../reads/search-text.ts";

/** Jobs of one call: a few milliseconds of work, so that nobody who waits for their rows notices. */
const JOBS_AT_ONCE = 500;

/**
 * Makes jobs searchable that a program without search texts stored, newest first: those from before the migration, which
 * would have held the table for minutes, and those of an old process during a rolling upgrade. One call does a few, so call
 * it again and again; it costs nothing once there are none.
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
