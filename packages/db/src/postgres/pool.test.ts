import { createFaultProxy, type FaultProxy } from "@darkroom/fault-proxy";
import { drizzle } from "drizzle-orm/postgres-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Setup, setup } from "../testing/setup.ts";
import { createDatabase, type Database } from "./client.ts";
import { inTransaction } from "./transaction.ts";
import { classify } from "./transient-error.ts";

let t: Setup;
let way: FaultProxy;
let database: Database;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());
beforeEach(async () => {
  const url = new URL(t.url);
  way = await createFaultProxy({ targetPort: Number(url.port) });
  url.host = `127.0.0.1:${way.port}`;
  database = createDatabase(url.href, { max: 3, statementTimeoutMs: 1500 });
});
afterEach(async () => {
  await way.heal();
  await database.close();
  await way.close();
});

/** A deadline and what a busy machine adds; less than two deadlines, after which connections are cut anyhow. */
const mostMs = () => database.deadlineMs * 1.75;

/** Nothing is refused and nothing passes, as with a stopped server or a cut cable. */
const freeze = () => way.set({ link: "blackhole" });

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
  it("fails whatever is asked of it as an outage, at its deadline", async () => {
    await one();
    await freeze();
    const { sql, connect } = database;
    const asked: Readonly<Record<string, () => PromiseLike<unknown>>> = {
      "a query": one,
      "a query without parameters": () => sql.unsafe("SELECT 1"),
      "a query of another pool": () => connect(1)`SELECT 1`,
      "a query of a library": () => drizzle(connect(1)).execute("SELECT 1"),
      "a transaction": () => transaction(),
    };
    for (const { what, kind, ms } of await Promise.all(
      Object.entries(asked).map(async ([what, work]) => ({ what, ...(await failing(work)) })),
    )) {
      expect([what, kind, ms < mostMs() ? "in time" : ms]).toEqual([what, "outage", "in time"]);
    }
  });

  it("fails a transaction that is under way, and one that is about to commit", async () => {
    await one();
    const between = await failing(() => transaction(() => void freeze()));
    expect(between.kind).toBe("outage");
    expect(between.ms).toBeLessThan(mostMs());
    await way.heal();
    const committing = await failing(() =>
      inTransaction(database, async (tx) => {
        await tx`SELECT 1`;
        await freeze();
      }),
    );
    expect(committing.kind).toBe("outage");
    expect(committing.ms).toBeLessThan(mostMs());
  });

  it("fails everything that waits for a connection at the same time, not one after the other", async () => {
    await one();
    await freeze();
    const startedAt = performance.now();
    const ends = await Promise.allSettled([...Array.from({ length: 20 }, one), transaction(), transaction()]);
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(mostMs());
  });

  it("is used again as soon as it goes on", async () => {
    await Promise.all(Array.from({ length: 5 }, one));
    await freeze();
    await Promise.allSettled([one(), one(), transaction()]);
    await way.heal();
    await expect(one()).resolves.toEqual([{ one: 1 }]);
    await transaction();
  });

  it("is left for a new connection, though the old ones stay silent for ever", async () => {
    await Promise.all(Array.from({ length: 5 }, one));
    await freeze();
    await Promise.allSettled([one()]);
    // Connections that were there stay frozen; new ones get through, as after a failover behind the same address.
    way.strand();
    await way.heal();
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
  await freeze();
  await Promise.allSettled([read()]);
  await way.heal();
  expect(typeof (await read())[0]?.at).toBe("string");
});
