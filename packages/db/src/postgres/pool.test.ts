import { drizzle } from "drizzle-orm/postgres-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { createFreezableProxy, type FreezableProxy } from "../testing/freezable-proxy.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { createDatabase, type Database } from "./client.ts";
import { inTransaction } from "./transaction.ts";
import { classify } from "./transient-error.ts";

let t: Setup;
let way: FreezableProxy;
let database: Database;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());
beforeEach(async () => {
  way = await createFreezableProxy(t.url);
  database = createDatabase(way.url, { max: 3, statementTimeoutMs: 500 });
});
afterEach(async () => {
  way.close();
  await database.close();
});

const one = () => database.sql`SELECT 1 AS one`;
const transaction = (between: () => void = () => undefined) =>
  inTransaction(database, async (tx) => {
    await tx`SELECT 1`;
    between();
    await tx`SELECT 2`;
  });

/** How it failed, and after how many milliseconds. */
async function failing(work: () => PromiseLike<unknown>): Promise<{ kind: string; ms: number }> {
  const startedAt = performance.now();
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  return { kind: classify(error), ms: performance.now() - startedAt };
}

describe("a server that stands still", () => {
  it.each<[string, (database: Database) => PromiseLike<unknown>]>([
    ["a query", () => one()],
    ["a query without parameters", ({ sql }) => sql.unsafe("SELECT 1")],
    ["a query of another pool", ({ connect }) => connect(1)`SELECT 1`],
    ["a query of a library", (of) => drizzle(of.connect(1)).execute("SELECT 1")],
    ["a transaction that is to begin", () => transaction()],
  ])("fails %s as an outage, at its deadline", async (_what, work) => {
    await one();
    way.freeze();
    const { kind, ms } = await failing(() => work(database));
    expect(kind).toBe("outage");
    expect(ms).toBeLessThan(database.deadlineMs + 900);
  });

  it("fails a transaction that is under way, and one that is about to commit", async () => {
    await one();
    expect((await failing(() => transaction(() => way.freeze()))).kind).toBe("outage");
    way.thaw();
    const committing = inTransaction(database, async (tx) => {
      await tx`SELECT 1`;
      way.freeze();
    });
    expect((await failing(() => committing)).kind).toBe("outage");
  });

  it("fails everything that waits for a connection at the same time, not one after the other", async () => {
    await one();
    way.freeze();
    const startedAt = performance.now();
    const ends = await Promise.allSettled([...Array.from({ length: 20 }, one), transaction(), transaction()]);
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(database.deadlineMs + 900);
  });

  it("is used again as soon as it goes on", async () => {
    await Promise.all(Array.from({ length: 5 }, one));
    way.freeze();
    await Promise.allSettled([one(), one(), transaction()]);
    way.thaw();
    await expect(one()).resolves.toEqual([{ one: 1 }]);
    await transaction();
  });

  it("is left for a new connection, though the old ones stay silent for ever", async () => {
    await Promise.all(Array.from({ length: 5 }, one));
    way.freeze();
    await Promise.allSettled([one()]);
    // Connections that were there stay frozen; new ones get through, as after a failover behind the same address.
    way.admitNew();
    await expect(one()).resolves.toEqual([{ one: 1 }]);
    await transaction();
  });
});

it("a statement that is only slow ends by Postgres' own limit, and the pool stays", async () => {
  await expect(database.sql`SELECT pg_sleep(5)`).rejects.toMatchObject({ code: "57014" });
  const [before] = await database.sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  expect(before?.pid).toBeGreaterThan(0);
});

it("codecs that a library put into the pool are in the one that takes its place", async () => {
  const pool = database.connect(1);
  const orm = drizzle(pool);
  const read = () => orm.execute("SELECT now() AS at");
  expect(typeof (await read())[0]?.at).toBe("string");
  way.freeze();
  await Promise.allSettled([read()]);
  way.thaw();
  expect(typeof (await read())[0]?.at).toBe("string");
});
