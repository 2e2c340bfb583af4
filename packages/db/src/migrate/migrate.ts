import { setTimeout as sleep } from "node:timers/promises";
import { readMigrationFiles } from "drizzle-orm/migrator";
import postgres from "postgres";
import type { Database } from "../postgres/client.ts";
import { installSteps } from "../postgres/steps.ts";
import { newerSchemaReason, ownSchemaVersion } from "./newer-schema.ts";
import { migrationsFolder } from "./pending-migrations.ts";

/** Any number; it only has to differ from other advisory locks of ours. */
const migrationLock = 7_309_002;

/** How often a process that waits for another's migration asks whether it is over. */
const ASK_AGAIN_MS = 100;

/**
 * Applies pending migrations over a connection of its own, each in one transaction with the note that it was applied, and
 * this program's functions (`steps/*.sql`); says in the end what came of it. Processes that start together wait for each other.
 *
 * One whose second line begins with `-- outside a transaction` is applied statement by statement, so that it can build
 * indexes `CONCURRENTLY`, while others write. If its process dies it is applied again from its first statement on.
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
    await takeTurn(sql);
    const reason = await newerSchemaReason(sql);
    if (reason !== null) throw new Error(reason);
    await applyPending(sql);
    await installSteps(sql);
    const { version, oldestProgram } = await ownSchemaVersion();
    await sql`
      INSERT INTO schema_version AS noted (version, oldest_program) VALUES (${version}, ${oldestProgram})
      ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, oldest_program = EXCLUDED.oldest_program
      WHERE noted.version <= EXCLUDED.version`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Waits until no other process migrates; the connection's end lets the next one begin. It asks again and again, because a
 * statement that waits is a transaction, and an index that is built `CONCURRENTLY` waits for every transaction to end.
 */
async function takeTurn(sql: postgres.Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ taken: boolean }[]>`SELECT pg_try_advisory_lock(${migrationLock}) AS taken`;
    if (row?.taken === true) return;
    await sleep(ASK_AGAIN_MS);
  }
}

/** Applies them in order and notes each in the table in which drizzle's own migrator notes them. */
async function applyPending(sql: postgres.Sql): Promise<void> {
  await sql`CREATE SCHEMA IF NOT EXISTS drizzle`;
  await sql`
    CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`;
  const [newest] = await sql<{ at: string | null }[]>`SELECT max(created_at) AS at FROM drizzle.__drizzle_migrations`;
  const applied = Number(newest?.at ?? 0);
  for (const { sql: statements, hash, folderMillis } of readMigrationFiles({ migrationsFolder })) {
    if (folderMillis <= applied) continue;
    const apply = async (on: postgres.Sql | postgres.TransactionSql) => {
      for (const statement of statements) await on.unsafe(statement);
      await on`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${folderMillis})`;
    };
    if (/^.*\n-- outside a transaction/.test(statements[0] ?? "")) await apply(sql);
    else await sql.begin(apply);
  }
}
