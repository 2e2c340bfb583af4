import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import type { Database } from "../postgres/client.ts";
import { migrationsFolder } from "./pending-migrations.ts";

/** Any number; it only has to differ from other advisory locks of ours. */
const migrationLock = 7_309_002;

/** Applies pending migrations over a connection of its own. Processes that start together wait for each other. */
export async function migrate(database: Pick<Database, "url">): Promise<void> {
  const sql = postgres(database.url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "migrate" },
  });
  try {
    await sql`SELECT pg_advisory_lock(${migrationLock})`;
    await applyMigrations(drizzle(sql), { migrationsFolder });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
