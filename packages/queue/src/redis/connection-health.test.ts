import { once } from "node:events";
import { expect, inject, onTestFinished, test } from "vitest";
import { createRedis, whenReady } from "./client.ts";
import { evictionPolicy, watchConnection } from "./connection-health.ts";

async function setup() {
  const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
  onTestFinished(() => redis.disconnect());
  const health = watchConnection(redis);
  await whenReady(redis);
  return { redis, health };
}

test("a connection counts how often it came back, and keeps its last error", async () => {
  const { redis, health } = await setup();
  expect(health()).toEqual({ isUp: true, reconnects: 0, lastError: null });

  const closed = new Promise((resolve) => redis.once("close", resolve));
  redis.stream.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
  await closed;
  expect(health()).toMatchObject({ isUp: false, lastError: { code: "ECONNRESET", at: expect.any(Date) } });

  await once(redis, "ready");
  expect(health()).toMatchObject({ isUp: true, reconnects: 1 });
});

test("a server that evicts keys when its memory is full is told from one that keeps them", async () => {
  const { redis } = await setup();
  const [, before = "noeviction"] = (await redis.config("GET", "maxmemory-policy")) as string[];
  onTestFinished(async () => {
    await redis.config("SET", "maxmemory-policy", before);
  });
  // Without a `maxmemory` nothing is evicted under any policy, so tests beside this one do not notice.
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  expect(await evictionPolicy(redis)).toBe("allkeys-lru");
  await redis.config("SET", "maxmemory-policy", "noeviction");
  expect(await evictionPolicy(redis)).toBeNull();
});
