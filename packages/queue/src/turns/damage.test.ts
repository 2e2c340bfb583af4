import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { entry, setupQueue } from "../testing/setup.ts";

describe("a queue of which a part was lost", () => {
  let setup: Awaited<ReturnType<typeof setupQueue>>;
  beforeEach(async () => {
    setup = await setupQueue(inject("redisUrl"));
    await setup.queue.enqueue(waiting);
  });
  afterEach(() => setup.close());

  const waiting = [
    ...["A1", "A2", "B1", "B2", "C1"].map((jobId) => entry(jobId)),
    entry("A3", { priority: "low" }),
    entry("B3", { priority: "high" }),
  ];
  const everything = waiting.map(({ jobId }) => jobId).toSorted();
  type Damage = (parts: Pick<typeof setup, "redis" | "keys">) => Promise<unknown>;
  /** A key of a type that no script of ours asks for. */
  const writeOver = (redis: (typeof setup)["redis"], key: string) => redis.set(key, "x");

  test.each<[string, Damage]>([
    ["the epoch is gone", ({ redis, keys }) => redis.del(keys.epoch())],
    ["the ring is gone", ({ redis, keys }) => redis.del(keys.ring())],
    ["the counts of owners are gone", ({ redis, keys }) => redis.del(keys.owners())],
    ["the members are gone", ({ redis, keys }) => redis.del(keys.members())],
    ["a lane is gone", ({ redis, keys }) => redis.del(keys.lane("A", "n"))],
    ["a lane of one job is gone", ({ redis, keys }) => redis.del(keys.lane("C", "n"))],
    ["the ring and the counts are gone", ({ redis, keys }) => redis.del(keys.ring(), keys.owners())],
    ["the ring lost an owner", ({ redis, keys }) => redis.lrem(keys.ring(), 1, "B")],
    ["the ring has an owner twice", ({ redis, keys }) => redis.rpush(keys.ring(), "B")],
    ["the ring has an owner who waits for nothing", ({ redis, keys }) => redis.rpush(keys.ring(), "D")],
    ["a lane lost its first job", ({ redis, keys }) => redis.lpop(keys.lane("A", "n"))],
    ["a lane lost its last job", ({ redis, keys }) => redis.rpop(keys.lane("B", "n"))],
    ["a lane has a job twice", ({ redis, keys }) => redis.rpush(keys.lane("A", "n"), "A1")],
    ["a lane has a job that nobody knows", ({ redis, keys }) => redis.rpush(keys.lane("A", "n"), "A9")],
    ["a member is gone", ({ redis, keys }) => redis.hdel(keys.members(), "B2")],
    ["a member points to nothing", ({ redis, keys }) => redis.hset(keys.members(), "A9", "n|A|any|")],
    ["a member names another owner", ({ redis, keys }) => redis.hset(keys.members(), "A1", "n|B|any|")],
    ["a member names another priority", ({ redis, keys }) => redis.hset(keys.members(), "A1", "h|A|any|")],
    ["a member is no member", ({ redis, keys }) => redis.hset(keys.members(), "A1", "")],
    ["a count is wrong", ({ redis, keys }) => redis.hincrby(keys.owners(), "A", -1)],
    ["a count is gone", ({ redis, keys }) => redis.hdel(keys.owners(), "C")],
    ["the ring is something else", ({ redis, keys }) => writeOver(redis, keys.ring())],
    ["the counts of owners are something else", ({ redis, keys }) => writeOver(redis, keys.owners())],
    ["the members are something else", ({ redis, keys }) => writeOver(redis, keys.members())],
    ["the passes are something else", ({ redis, keys }) => writeOver(redis, keys.passes())],
    ["a lane is something else", ({ redis, keys }) => writeOver(redis, keys.lane("A", "n"))],
  ])("%s: that is found, and after the rebuild everything is taken", async (_what, damage) => {
    expect(await setup.queue.check()).toBe(true);
    await damage(setup);
    expect(await setup.queue.check()).toBe(false);
    expect(await setup.queue.enqueue([entry("C2")])).toBe("EPOCH_MISSING");
    expect(await setup.queue.rebuild(waiting)).toBe(true);
    expect(await setup.queue.check()).toBe(true);
    expect((await setup.takeAll()).toSorted()).toEqual(everything);
    expect(await setup.queue.check()).toBe(true);
  });

  test("a promotion does not make a place in the queue for a member that has none", async () => {
    await setup.redis.hset(setup.keys.members(), "D1", "l|D|any|");
    expect(await setup.queue.promote("D1")).toBe(false);
    expect(await setup.queue.check()).toBe(false);
  });

  test("lanes that are left alone count as empty: what is pushed again waits once", async () => {
    await setup.redis.del(setup.keys.ring(), setup.keys.owners(), setup.keys.members());
    expect(await setup.queue.check()).toBe(true);
    await setup.queue.enqueue(waiting);
    expect(await setup.queue.check()).toBe(true);
    expect((await setup.takeAll()).toSorted()).toEqual(everything);
  });

  test("a queue that lost nothing is whole after each of its commands", async () => {
    const isWhole = async () => expect(await setup.queue.check()).toBe(true);
    await setup.queue.enqueue([entry("C3"), entry("D1")], { at: "head" });
    await isWhole();
    await setup.queue.promote("A3");
    await isWhole();
    await setup.queue.remove(["D1", "B1", "nobody"]);
    await isWhole();
    await setup.queue.take({ ...setup.backend, warmModelKey: "warm" });
    await isWhole();
    await setup.queue.clear();
    await isWhole();
  });
});
