import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { createFaultProxy, type FaultProxy } from "@darkroom/fault-proxy";
import { createKeys, createPublisher, createRedis, type Redis, whenReady } from "@darkroom/queue";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createGateway, type Gateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { audit, isCaughtUp } from "./audit.ts";
import { type EagerSubscriber, subscribeEagerly } from "./eager-subscriber.ts";
import { type LoadOwner, startLoad } from "./load.ts";

/** Redis' number for this suite's gateway, so that its connections can be told from others. */
const REDIS_DATABASE = 7;
const clean = { missed: 0, repeated: 0, outOfOrder: 0, foreign: 0, resets: 0 };

let db: TestDatabase;
let gateway: Gateway;
let toRedis: FaultProxy;
let commands: Redis;
let holders: { ownerId: string; key: string }[];
let owners: LoadOwner[];
const subscribers: EagerSubscriber[] = [];
const proxies: FaultProxy[] = [];

beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  const redisUrl = new URL(inject("redisUrl"));
  toRedis = await createFaultProxy({ targetPort: Number(redisUrl.port) });
  commands = createRedis(redisUrl.href, { role: "commands", onError: () => undefined });
  await whenReady(commands);
  redisUrl.port = String(toRedis.port);
  redisUrl.pathname = `/${REDIS_DATABASE}`;
  gateway = await createGateway({ databaseUrl: db.url, redisUrl: redisUrl.href });
  await gateway.start();
  holders = await Promise.all(Array.from({ length: 10 }, () => keyHolder(db.database)));
  owners = holders.map(({ ownerId }) => ({ ownerId, kind: "account" }));
}, 90_000);
afterEach(async () => {
  await Promise.all(subscribers.splice(0).map((subscriber) => subscriber.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await toRedis.heal();
});
afterAll(async () => {
  await gateway?.close();
  commands?.disconnect();
  await toRedis?.close();
  await db?.drop();
});

/** Two publishers, each with its own connection, race over the same feeds. */
async function startLoads(forget: number) {
  const { database } = db;
  const publishers = [commands, commands.duplicate()];
  const loads = await Promise.all(
    publishers.map((redis) => {
      redis.on("error", () => undefined);
      return startLoad({ database, publisher: createPublisher(redis, createKeys()), forget }, owners, 60);
    }),
  );
  return async () => {
    await Promise.all(loads.map((load) => load.stop()));
    publishers[1]?.disconnect();
  };
}

async function follow(url: () => string): Promise<void> {
  subscribers.push(...holders.map((holder) => subscribeEagerly(url, holder)));
  await expect.poll(() => subscribers.every(({ firstSeq }) => firstSeq() !== null), { timeout: 20_000 }).toBe(true);
}
const caughtUp = (timeout: number) =>
  expect.poll(() => isCaughtUp(db.database, subscribers), { timeout, interval: 100 }).toBe(true);

test("200 cuts at random bytes of the stream lose, repeat and reorder nothing, though publishers race and some die between commit and publish", {
  timeout: 90_000,
}, async () => {
  proxies.push(...(await Promise.all(holders.map(() => createFaultProxy({ targetPort: gateway.port })))));
  const urls = proxies.map(({ port }) => `http://127.0.0.1:${port}`);
  let turn = 0;
  await follow(() => urls[turn++ % urls.length] ?? "");
  const stop = await startLoads(0.05);
  const cuts = () => subscribers.reduce((sum, subscriber) => sum + subscriber.cuts(), 0);
  while (cuts() < 200) {
    // From the first byte of the handshake to many events later.
    for (const proxy of proxies) await proxy.set({ cutAfterBytes: 1 + Math.floor(Math.random() ** 2 * 6000) });
    const before = cuts();
    await expect.poll(cuts, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(before + 10);
  }
  await stop();
  for (const proxy of proxies) await proxy.heal();
  await caughtUp(15_000);
  const verdict = await audit(db.database, subscribers);
  expect(verdict).toMatchObject(clean);
  expect(verdict.events).toBeGreaterThan(100);
});

test("with the subscribing connection cut alone, again and again, everyone has every event within ten seconds", {
  timeout: 60_000,
}, async () => {
  await follow(() => gateway.url);
  const stop = await startLoads(0);
  let kills = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 2000) {
    const list = String(await commands.client("LIST")).split("\n");
    const ours = list.filter((line) => line.includes(` db=${REDIS_DATABASE} `) && / sub=[1-9]/.test(line));
    for (const line of ours) kills += Number(await commands.client("KILL", "ID", /^id=(\d+)/.exec(line)?.[1] ?? ""));
  }
  await stop();
  await caughtUp(10_000);
  expect(kills).toBeGreaterThan(0);
  expect(await audit(db.database, subscribers)).toMatchObject(clean);
});

test("a Redis that answers nothing on open connections is noticed within ten seconds, and Postgres is read", {
  timeout: 60_000,
}, async () => {
  await follow(() => gateway.url);
  await toRedis.set({ link: "blackhole" });
  const stop = await startLoads(0);
  await expect.poll(() => subscribers.every(({ log }) => log.length > 0), { timeout: 10_000 }).toBe(true);
  await stop();
  await toRedis.heal();
  await caughtUp(10_000);
  expect(await audit(db.database, subscribers)).toMatchObject(clean);
});
