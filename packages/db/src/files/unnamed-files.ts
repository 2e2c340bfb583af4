import type { Database } from "../postgres/client.ts";
import { clock, interval } from "../postgres/sql.ts";

/** Those of the given storage keys that no row names. A copy that was made of a file counts as named if the file is. */
export async function unnamedFiles({ sql }: Database, storageKeys: readonly string[]): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    SELECT key FROM (SELECT key, split_part(key, '.', 1) AS file FROM unnest(${[...storageKeys]}::text[]) AS key) AS asked
    WHERE NOT EXISTS (SELECT 1 FROM outputs WHERE storage_key = asked.file)
      AND NOT EXISTS (SELECT 1 FROM uploads WHERE storage_key = asked.file)`;
  return rows.map(({ key }) => key);
}

/** True for the one process that is to compare the stored files with the rows now: nobody did within `everySeconds`. */
export async function leadsFileSweep({ sql }: Database, everySeconds: number): Promise<boolean> {
  const rows = await sql`
    UPDATE maintenance SET files_swept_at = ${clock(sql)}
    WHERE files_swept_at IS NULL OR files_swept_at < now() - ${interval(sql, everySeconds)} RETURNING id`;
  return rows.length > 0;
}
