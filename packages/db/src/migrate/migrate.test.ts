import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { newId } from "@darkroom/contracts";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { definition, type Setup, setup } from "../testing/setup.ts";
import { bundledWorkflows } from "../workflows/bundled/index.ts";
import { seedWorkflows } from "../workflows/seed-workflows.ts";
import { listWorkflows, workflowBy, workflowVersions } from "../workflows/workflows.ts";
import { migrate } from "./migrate.ts";
import { hasPendingMigrations, migrationsFolder } from "./pending-migrations.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

describe("migrate", () => {
  it("by several processes at once leaves one migrated database", async () => {
    const { sql } = t.database;
    await sql.unsafe("DROP SCHEMA public CASCADE; DROP SCHEMA drizzle CASCADE; CREATE SCHEMA public");
    expect(await hasPendingMigrations(t.database)).toBe(true);
    await Promise.all([migrate(t.database), migrate(t.database), migrate(t.database)]);
    expect(await hasPendingMigrations(t.database)).toBe(false);
  });

  it("can apply anew what a process left half done outside a transaction", async () => {
    const { sql } = t.database;
    const migrations = readMigrationFiles({ migrationsFolder }).map((migration) => migration.sql);
    const repeatable = migrations.filter(([first]) => first?.includes("\n-- outside a transaction"));
    expect(repeatable).not.toEqual([]);
    // As an index stays behind when it was only half built.
    await sql`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'jobs_of_state'::regclass`;
    for (const statement of repeatable.flat()) await sql.unsafe(statement);
    expect(await sql`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid`).toEqual([]);
  });

  it("keeps nobody from writing while it builds an index on a table that was there before", () => {
    const blocking = readMigrationFiles({ migrationsFolder }).flatMap(({ sql }) => {
      const text = sql.join("\n");
      const made = [...text.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, table]) => table);
      const indexes = [...text.matchAll(/CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)"(\w+)" ON "(\w+)"/g)];
      return indexes.filter(([, , table]) => !made.includes(table)).map(([, index]) => index);
    });
    expect(blocking).toEqual([]);
  });

  it("notes of which workflow outputs are: those that were there, and those that an older program stores", async () => {
    const before = await setup(inject("postgresUrl"));
    try {
      const { sql } = before.database;
      const { jobId, ownerId } = await before.running(newId());
      const store = (first: number, last: number) => sql`
        INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, sha256, storage_key, kind, mime_type, size_bytes, created_at)
        SELECT gen_random_uuid(), ${jobId}, 1, nth, ${ownerId}, 'a', 'a', 'image', 'image/png', 1, now()
        FROM generate_series(${first}::int, ${last}::int) nth`;
      // More than are written at a time.
      await store(1, 1100);
      await sql`UPDATE outputs SET workflow_id = NULL`;
      const outputsOfWorkflow = readMigrationFiles({ migrationsFolder }).find(({ sql: [first] }) =>
        first?.includes('"outputs" ADD COLUMN IF NOT EXISTS "workflow_id"'),
      );
      for (const statement of outputsOfWorkflow?.sql ?? []) await sql.unsafe(statement);
      await store(1101, 1101);
      expect(await sql`SELECT workflow_id AS "workflowId", count(*) FROM outputs GROUP BY 1`).toEqual([
        { workflowId: before.workflow.workflowId, count: 1101 },
      ]);
    } finally {
      await before.drop();
    }
  });

  it("as a process migrates, seeds, says one line and ends", async () => {
    const main = join(import.meta.dirname, "main.ts");
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [main], { env: { ...process.env, DATABASE_URL: t.url } });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    const workflows = await listWorkflows(t.database, { publishedOnly: true });
    expect(workflows.map(({ definition: { slug } }) => slug)).toEqual(bundledWorkflows.map(({ slug }) => slug));
    const wrong = run(process.execPath, [main], { env: { ...process.env, DATABASE_URL: "mysql://" } });
    await expect(wrong).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("DATABASE_URL") });
  }, 60_000);
});

describe("seedWorkflows", () => {
  it("publishes a new version only when the content changed", async () => {
    await seedWorkflows(t.database, [definition]);
    await seedWorkflows(t.database, [definition]);
    expect(await workflowVersions(t.database, { idOrSlug: "picture" })).toHaveLength(1);
    await Promise.all([1, 2].map(() => seedWorkflows(t.database, [{ ...definition, name: "New" }])));
    expect(await workflowBy(t.database, { idOrSlug: "picture" })).toMatchObject({
      version: 2,
      currentVersion: 2,
      definition: { ...definition, name: "New" },
    });
    expect(await workflowBy(t.database, { idOrSlug: "picture", version: 1 })).toMatchObject({
      version: 1,
      definition: { name: "Picture" },
    });
    expect(await workflowBy(t.database, { idOrSlug: "none" })).toBeNull();
    const limited = { ...definition, name: "New", timeoutSeconds: 90 };
    for (const _again of [1, 2]) await seedWorkflows(t.database, [limited]);
    expect(await workflowBy(t.database, { idOrSlug: "picture" })).toMatchObject({ version: 3, definition: limited });
  });
});

describe("createDatabase", () => {
  it("tells the server to end a transaction that stands still, and gives big integers as numbers", async () => {
    const [row] = await t.database.sql<{ idle: string; big: number }[]>`
      SELECT current_setting('idle_in_transaction_session_timeout') AS idle, ${2 ** 53 - 1}::bigint AS big`;
    expect(row).toEqual({ idle: "2s", big: Number.MAX_SAFE_INTEGER });
  });
});
