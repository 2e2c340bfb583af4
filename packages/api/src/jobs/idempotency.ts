import type { Database } from "@darkroom/db";

/**
 * True if this owner has a job under this key already. Such a submit goes straight to the database, which answers it
 * before any limit: whether a backend could run the job today no longer matters.
 */
export async function isRepeated(database: Database, ownerId: string, idempotencyKey: string): Promise<boolean> {
  const rows = await database.sql`
    select 1 from jobs where owner_id = ${ownerId} and idempotency_key = ${idempotencyKey}`;
  return rows.length > 0;
}
