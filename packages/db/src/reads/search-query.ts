import type postgres from "postgres";

/** So many triples of a text are asked for at most. A long text that is pasted whole is found by far fewer. */
const MOST_TRIPLES = 24;

/** Whether row `j` of jobs has a text, in `searchForm`, in one of its inputs (SQL). */
export const containing = (sql: postgres.ISql, text: string): postgres.PendingQuery<postgres.Row[]> =>
  sql`j.search_text LIKE ${`%${text.replace(/[\\%_]/g, "\\$&")}%`}`;

/**
 * What the index `jobs_search` is asked for to find a text, as a `tsquery`: every job that has the text, and perhaps others.
 * It has every three characters that follow each other in a job's texts (the function `search_grams` in the database), so
 * one or two are asked for as the beginning of three.
 */
export function searchQuery(text: string): string {
  const characters = [...text];
  const triples = characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(""));
  const stride = Math.max(1, triples.length / MOST_TRIPLES);
  const some = Array.from(
    { length: Math.min(triples.length, MOST_TRIPLES) },
    (_, nth) => triples[Math.floor(nth * stride)],
  );
  const words = triples.length === 0 ? [`${quoted(text)}:*`] : [...new Set(some)].map((triple) => quoted(triple ?? ""));
  // What `search_grams` makes of a text that is too long for it.
  return `'whole' | (${words.join(" & ")})`;
}

const quoted = (word: string): string => `'${word.replace(/['\\]/g, "$&$&")}'`;
