import { expect, inject, onTestFinished, test } from "vitest";
import { setup } from "../testing/setup.ts";
import { createDatabase, type Database } from "./client.ts";
import { isTransient } from "./transient-error.ts";
import { warmConnections } from "./warm-connections.ts";

test("as many connections as were warmed stand open, and each has planned what it was asked", async () => {
  const t = await setup(inject("postgresUrl"));
  const database = createDatabase(t.url, { applicationName: "warmed" });
  onTestFinished(async () => {
    await database.close();
    await t.drop();
  });
  await warmConnections(database, { count: 3, ask: ({ sql }) => sql`SELECT 1 AS warmed` });

  const planned = await Promise.all(
    [1, 2, 3].map(
      () => database.sql<{ pid: number; isPlanned: boolean }[]>`
        SELECT pg_backend_pid() AS pid, pg_sleep(0.1)::text, EXISTS (
          SELECT FROM pg_prepared_statements WHERE statement LIKE '%AS warmed%' AND generic_plans > 0) AS "isPlanned"`,
    ),
  );
  expect(new Set(planned.flat().map(({ pid }) => pid)).size).toBe(3);
  expect(planned.flat().map(({ isPlanned }) => isPlanned)).toEqual([true, true, true]);
  const [open] = await t.database
    .sql`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'warmed' AND datname = current_database()`;
  expect(open?.count).toBe(3);
});

test("a connection that is cut while it is warmed ends the warming, and not the process", async () => {
  const t = await setup(inject("postgresUrl"));
  onTestFinished(() => t.drop());
  const database = createDatabase(t.url);
  const isKnown = Promise.withResolvers<void>();
  const ask = async ({ sql }: Database): Promise<void> => {
    const [own] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    await t.database.sql`SELECT pg_terminate_backend(${own?.pid ?? 0})`;
    await isKnown.promise;
    await sql`SELECT 1`;
  };
  await expect(warmConnections(database, { count: 1, ask })).rejects.toSatisfy(isTransient);
  // What is written on it now would throw outside of any promise.
  isKnown.resolve();
  expect(await database.sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await database.close();
});
