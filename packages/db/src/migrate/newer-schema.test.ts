import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { migrate } from "./migrate.ts";
import { newerSchemaReason, ownSchemaVersion } from "./newer-schema.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await createTestDatabase(inject("postgresUrl"));
});
afterEach(() => t.drop());

const { version: own } = await ownSchemaVersion();

/** As a program with `count` more migrations leaves it, the last of which allows programs from `oldestProgram` on. */
async function migrateFurther(count: number, oldestProgram: number): Promise<void> {
  const { sql } = t.database;
  for (let number = 1; number <= count; number += 1) {
    await sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('newer', ${Date.now() * 10 + number})`;
  }
  await sql`UPDATE schema_version SET version = ${own + count}, oldest_program = ${oldestProgram}`;
}

describe("a database", () => {
  it("says after a migration how far it has come and who may use it", async () => {
    const [row] = await t.database.sql`SELECT version, oldest_program AS "oldestProgram" FROM schema_version`;
    expect(row).toEqual(await ownSchemaVersion());
    expect(await newerSchemaReason(t.database.sql)).toBeNull();
  });

  it("that is newer and allows older programs is used by them, and migrated no further", async () => {
    await migrateFurther(2, own);
    expect(await newerSchemaReason(t.database.sql)).toBeNull();
    await migrate(t.database);
    const [row] = await t.database.sql`SELECT version, oldest_program AS "oldestProgram" FROM schema_version`;
    expect(row).toEqual({ version: own + 2, oldestProgram: own });
  });

  it("that is newer and allows only newer programs is refused in a sentence with both versions", async () => {
    await migrateFurther(3, own + 2);
    const reason = await newerSchemaReason(t.database.sql);
    expect(reason).toContain(`schema is of version ${own + 3}`);
    expect(reason).toContain(`from version ${own + 2} on`);
    expect(reason).toContain(`this program is of version ${own}.`);
    await expect(migrate(t.database)).rejects.toThrow(`this program is of version ${own}.`);
  });

  it("that a newer program has not migrated to the end is refused", async () => {
    await migrateFurther(1, own);
    await t.database.sql`UPDATE schema_version SET version = ${own}`;
    expect(await newerSchemaReason(t.database.sql)).toContain(`from version ${own + 1} on`);
  });

  it("that is too new ends the migrating process with status 1 and one line, and is left as it is", async () => {
    await migrateFurther(1, own + 1);
    const run = promisify(execFile);
    const env = { ...process.env, DATABASE_URL: t.url };
    const ended = run(process.execPath, [join(import.meta.dirname, "main.ts")], { env });
    await expect(ended).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^migrate: the database.*\n$/),
    });
    expect(await t.database.sql`SELECT 1 FROM workflows`).toEqual([]);
  });
});
