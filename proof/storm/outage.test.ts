import { newId } from "@darkroom/contracts";
import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { createFaultProxy, type FaultProxy } from "@darkroom/fault-proxy";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import {
  createGateway,
  type Gateway,
  guestOf,
  keyHolder,
  openSocket,
} from "../../apps/web/src/server/testing/gateway.ts";

let db: TestDatabase;
let postgres: FaultProxy;
let redis: FaultProxy;
let gateway: Gateway;
let bearer: { authorization: string };

beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  const before = async (address: string) => {
    const url = new URL(address);
    const proxy = await createFaultProxy({ targetPort: Number(url.port) });
    url.hostname = "127.0.0.1";
    url.port = String(proxy.port);
    return { proxy, url: url.href };
  };
  const [toPostgres, toRedis] = [await before(db.url), await before(inject("redisUrl"))];
  postgres = toPostgres.proxy;
  redis = toRedis.proxy;
  gateway = await createGateway({ databaseUrl: toPostgres.url, redisUrl: toRedis.url });
  await gateway.start();
  bearer = { authorization: `Bearer ${(await keyHolder(db.database)).key}` };
}, 90_000);
afterEach(() => Promise.all([postgres.heal(), redis.heal()]));
afterAll(async () => {
  await gateway?.close();
  await postgres?.close();
  await redis?.close();
  await db?.drop();
});

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${gateway.url}${path}`, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), text };
}
const post = (body: object): RequestInit => ({
  method: "POST",
  headers: { ...bearer, "content-type": "application/json" },
  body: JSON.stringify(body),
});
async function ready() {
  const { status, text } = await ask("/api/ready");
  return { status, report: JSON.parse(text) };
}
async function recovery(): Promise<number> {
  const startedAt = performance.now();
  await expect
    .poll(async () => (await ask("/api/trpc/job.list", { headers: bearer })).status, { timeout: 15_000 })
    .toBe(200);
  return performance.now() - startedAt;
}

test.each(["down", "blackhole"] as const)(
  "while Postgres is %s every answer is a 503 that says when to come back, and recovery takes no restart",
  {
    timeout: 60_000,
  },
  async (link) => {
    const { cookie } = await guestOf(gateway.url);
    await postgres.set({ link });
    const job = { workflow: "text-to-image", inputs: { prompt: "x" }, idempotencyKey: newId() };
    const answers = await Promise.all([
      ask("/api/trpc/job.list", { headers: bearer }),
      ask("/api/trpc/session.me", { headers: { cookie } }),
      ask("/api/trpc/job.submit", post(job)),
      ask("/api/generate", post(job)),
      ask(`/api/outputs/${newId()}`, { headers: bearer }),
      ask(`/api/jobs/${newId()}/preview`, { headers: bearer }),
      // Whoever needs no look-up gets as far as the procedure.
      ...(link === "down" ? [ask("/api/trpc/workflow.list"), ask("/api/trpc/system.ping,workflow.list?batch=1")] : []),
    ]);
    for (const { status, retryAfter, text } of answers.slice(0, 7)) {
      expect([status, text]).toEqual([503, expect.stringContaining("UNAVAILABLE")]);
      expect(Number(retryAfter)).toBeGreaterThan(0);
      expect(text).toMatch(/"retryAfterSeconds":[1-9]/);
    }
    for (const { text } of answers) expect(text).not.toMatch(/ECONN|CONNECT|127\.0\.0\.1|postgres|select/i);
    await expect(openSocket(gateway.url, bearer)).rejects.toThrow("503");
    expect((await ask("/api/health")).status).toBe(200);
    expect(await ready()).toMatchObject({
      status: 503,
      report: { status: "unavailable", postgres: "unreachable", migrations: "unknown", redis: "ok", draining: false },
    });

    await postgres.heal();
    expect(await recovery()).toBeLessThan(5000);
    expect(gateway.isAlive()).toBe(true);
  },
);

test("a subscription that begins while Postgres is away waits for it", { timeout: 60_000 }, async () => {
  const socket = await openSocket(gateway.url, bearer);
  await postgres.set({ link: "down" });
  socket.send({ id: 1, method: "subscription", params: { path: "job.onFeed" } });
  await socket.until<{ result?: { type: string } }>(({ result }) => result?.type === "started");
  await expect.poll(async () => (await ready()).report.postgres).toBe("unreachable");
  await postgres.heal();
  const first = socket.until<string | { result?: { type: string } }>(
    (message) => typeof message === "object" && message.result?.type === "data",
  );
  expect(await first).toMatchObject({ result: { type: "data", data: { data: { events: [], jobs: [] } } } });
  socket.close();
});

test("without Redis the process is degraded and serves", async () => {
  await redis.set({ link: "down" });
  await expect.poll(ready, { timeout: 10_000 }).toMatchObject({
    status: 200,
    report: { status: "degraded", postgres: "ok", migrations: "ok", redis: "degraded" },
  });
  expect((await ask("/api/trpc/job.list", { headers: bearer })).status).toBe(200);
  await redis.heal();
  await expect.poll(ready, { timeout: 10_000 }).toMatchObject({ status: 200, report: { redis: "ok" } });
});

test("a database that lacks a migration is said, and keeps the process out of service", async () => {
  const { sql } = db.database;
  await sql`UPDATE drizzle.__drizzle_migrations SET created_at = created_at - 1000000000000`;
  expect(await ready()).toMatchObject({ status: 503, report: { postgres: "ok", migrations: "pending", redis: "ok" } });
  await sql`UPDATE drizzle.__drizzle_migrations SET created_at = created_at + 1000000000000`;
  expect(await ready()).toMatchObject({ status: 200, report: { migrations: "ok", backends: { status: "degraded" } } });
});
