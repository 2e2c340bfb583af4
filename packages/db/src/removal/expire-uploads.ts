import type { Database } from "../postgres/client.ts";
import { usesUpload } from "./in-use.ts";

/**
 * Removes expired uploads that no job uses; the others are looked at again a day later, so that an upload which is used for
 * ever costs one look a day. Their files are left to the sweep. Bounded: a long backlog takes several calls.
 */
export async function expireUploads({ sql }: Database): Promise<void> {
  await sql`
    WITH due AS MATERIALIZED (
      SELECT id, ${usesUpload(sql, sql`u.id`)} AS used FROM uploads u WHERE expires_at < now()
      ORDER BY expires_at LIMIT 500 FOR UPDATE SKIP LOCKED
    ), used AS (
      UPDATE uploads u SET ${forAnotherDay(sql)} FROM due WHERE u.id = due.id AND due.used
    )
    DELETE FROM uploads u USING due WHERE u.id = due.id AND NOT due.used`;
}

/** Keeps an upload for a day from now: `UPDATE uploads SET` this. */
export const forAnotherDay = (sql: Database["sql"]) => sql`expires_at = now() + interval '1 day'`;
