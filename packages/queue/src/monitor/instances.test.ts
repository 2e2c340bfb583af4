import { expect, inject, onTestFinished, test } from "vitest";
import { instanceReport } from "../testing/instance-report.ts";
import { setupQueue } from "../testing/setup.ts";
import { type ConnectionCountsBy, type CountChange, createInstances, type Instances } from "./instances.ts";

/** What one connection is answered. */
const admit = async (instances: Instances, instanceId: string, change: CountChange) =>
  (await instances.count(instanceId, [change]))[0];

const nothing = { owners: new Map(), addresses: new Map() };

const told = (instanceId: string, counts: ConnectionCountsBy | null) => ({
  report: instanceReport(instanceId),
  connections: [],
  counts,
});

async function setup() {
  const { redis, keys, close } = await setupQueue(inject("redisUrl"));
  onTestFinished(close);
  return { redis, keys, instances: createInstances(redis, keys) };
}

test("an owner's connections are limited over all living processes, not over those that are gone", async () => {
  const { redis, keys, instances } = await setup();
  // B has not reported yet: it takes connections as soon as it listens.
  await instances.report(told("A", nothing));
  const ask = (instanceId: string, count: number) =>
    admit(instances, instanceId, { owner: { id: "owner", count, limit: 3 }, address: null });
  expect([await ask("A", 1), await ask("A", 2), await ask("B", 1), await ask("B", 2)]).toEqual([
    null,
    null,
    null,
    "owner",
  ]);

  await instances.count("A", [{ owner: { id: "owner", count: 0, limit: null }, address: null }]);
  expect([await ask("B", 2), await ask("B", 3), await ask("A", 1)]).toEqual([null, null, "owner"]);
  // B is killed: what it held ends with its last report, without anybody taking it away.
  await redis.zadd(keys.instances(), Date.now() - 16_000, "B");
  expect(await ask("A", 3)).toBeNull();
  expect(await instances.list()).toMatchObject([{ report: { instanceId: "A" } }]);
});

test("the guests of an address are limited together, and a refused connection counts nowhere", async () => {
  const { instances } = await setup();
  await instances.report(told("A", nothing));
  await instances.report(told("B", nothing));
  const ask = (instanceId: string, owner: string, count: number) =>
    admit(instances, instanceId, {
      owner: { id: owner, count: 1, limit: 3 },
      address: { key: "address", count, limit: 2 },
    });
  expect([await ask("A", "one", 1), await ask("B", "two", 1), await ask("A", "three", 2)]).toEqual([
    null,
    null,
    "address",
  ]);
  const listed = await instances.list({ withConnections: true });
  expect(listed.flatMap(({ owners }) => [...owners])).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("connections that come and go together are counted one after the other, each for itself", async () => {
  const { instances } = await setup();
  await instances.report(told("A", nothing));
  await instances.report(told("B", { owners: new Map([["one", 1]]), addresses: new Map([["address", 1]]) }));
  const change = (id: string, count: number, limit: number | null, at: number | null = null): CountChange => ({
    owner: { id, count, limit },
    address: at === null ? null : { key: "address", count: at, limit },
  });
  const changes = [
    ...[change("one", 1, 2), change("one", 2, 2), change("two", 1, 2, 1), change("three", 1, 2, 2)],
    ...[change("four", 1, 2), change("four", 0, null), change("two", 0, null, 0), change("three", 1, 2, 1)],
    ...[change("one", 2, 3), change("one", 1, null)],
  ];
  expect(await instances.count("A", changes)).toEqual([
    ...[null, "owner", null, "address"],
    ...[null, null, null, null],
    ...[null, null],
  ]);
  const listed = await instances.list({ withConnections: true });
  expect(listed.map(({ owners }) => Object.fromEntries(owners))).toEqual([{ one: 1, three: 1 }, { one: 1 }]);
});

test("a process whose counts were lost is asked for all of them", async () => {
  const { redis, keys, instances } = await setup();
  const counts = { owners: new Map([["owner", 2]]), addresses: new Map() };
  expect(await instances.report(told("A", counts))).toBe(true);
  expect(await instances.report(told("A", null))).toBe(true);
  await redis.del(keys.instance("A"));
  expect(await instances.report(told("A", null))).toBe(false);
  await instances.report(told("A", counts));
  expect(await instances.list({ withConnections: true })).toMatchObject([{ owners: new Map([["owner", 2]]) }]);
  await instances.leave("A");
  expect(await instances.list()).toEqual([]);
});
