import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import type { Database } from "../postgres/client.ts";
import { newerSchemaReason, ownSchemaVersion } from "./newer-schema.ts";
import { migrationsFolder } from "./pending-migrations.ts";

/** Any number; it only has to differ from other advisory locks of ours. */
const migrationLock = 7_309_002;

/**
 * Applies pending migrations over a connection of its own, and notes what came of it. Processes that start together wait
 * for each other.
 *
 * @throws Error if the schema is newer than this program and does not allow it.
 */
export async function migrate(database: Pick<Database, "url">): Promise<void> {
  const sql = postgres(database.url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "migrate" },
  });
  try {
    await sql`SELECT pg_advisory_lock(${migrationLock})`;
    const reason = await newerSchemaReason(sql);
    if (reason !== null) throw new Error(reason);
    await applyMigrations(drizzle(sql), { migrationsFolder });
    const { version, oldestProgram } = await ownSchemaVersion();
    await sql`
      INSERT INTO schema_version AS noted (version, oldest_program) VALUES (${version}, ${oldestProgram})
      ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, oldest_program = EXCLUDED.oldest_program
      WHERE noted.version <= EXCLUDED.version`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
