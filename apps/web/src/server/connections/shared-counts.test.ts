import { createInstances, createKeys, createRedis, whenReady } from "@darkroom/queue";
import { instanceReport, testPrefix } from "@darkroom/queue/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { createSharedCounts } from "./shared-counts.ts";

test("the count that is told last is the right one, however many come and go at the same time", async () => {
  const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
  onTestFinished(() => redis.disconnect());
  await whenReady(redis);
  const instances = createInstances(redis, createKeys(testPrefix()));
  await instances.report({ report: instanceReport("A"), connections: [], counts: null });
  const shared = createSharedCounts(instances, "A", { changed: () => undefined, doubt: () => undefined });
  const change = <Limit extends number | null>(count: number, limit: Limit) => ({
    owner: { id: "owner", count, limit },
    address: null,
  });
  const admitted = [shared.admit(change(1, 9)), shared.admit(change(2, 9))];
  // While those are asked for; the second of these has gone before it was told.
  await admitted[0];
  admitted.push(shared.admit(change(3, 9)));
  await Promise.resolve();
  admitted.push(shared.admit(change(4, 9)));
  shared.gone(change(3, null));
  expect(await Promise.all(admitted)).toEqual([null, null, null, null]);
  const listed = await instances.list({ withConnections: true });
  expect(listed.map(({ owners }) => [...owners])).toEqual([[["owner", 3]]]);
});
