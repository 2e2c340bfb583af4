import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createRedis } from "../redis/client.ts";
import { durable, progressed } from "../testing/events.ts";
import { entry, setupHub } from "../testing/setup.ts";
import { createQueue } from "../turns/queue.ts";
import { createPublisher } from "./publisher.ts";

describe("publisher and subscriber", () => {
  let setup: Awaited<ReturnType<typeof setupHub>>;
  beforeEach(async () => {
    setup = await setupHub(inject("redisUrl"));
  });
  afterEach(() => setup.close());

  const waitForSubscription = async () => {
    // An acknowledgement of any later subscription follows those of the earlier ones.
    const { acknowledged, release } = setup.subscriber.watchOwner("nobody", {
      durable: () => undefined,
      transient: () => undefined,
    });
    await acknowledged;
    release();
  };

  test("the last progress is kept for an hour or as long as it is told, and an earlier attempt does not replace it", async () => {
    const { publisher, redis, keys } = setup;
    await publisher.publishTransient({ ownerId: "A", event: progressed("J", 4, 2, 10) });
    await publisher.publishTransient({ ownerId: "A", event: progressed("J", 2, 1, 90) });
    expect(await publisher.lastProgress(["J", "nobody"])).toEqual(new Map([["J", progressed("J", 4, 2, 10)]]));
    expect(await redis.ttl(keys.progress("J"))).toBeGreaterThan(3500);
    const brief = createPublisher(redis, keys, { progressSeconds: 60 });
    await brief.publishTransient({ ownerId: "A", event: progressed("J", 5, 2, 20) });
    expect(await redis.ttl(keys.progress("J"))).toBeLessThanOrEqual(60);
  });

  test("a preview is kept byte for byte for two minutes, or as long as it is told, and an oversized one is not", async () => {
    const { publisher, redis, keys } = setup;
    const jpeg = Buffer.from([0xff, 0xd8, 0, 1, 2, 254, 0xff, 0xd9]);
    expect(await publisher.setPreview("J", jpeg, { attempt: 2 })).toBe(true);
    await publisher.setPreview("J", Buffer.from("late"), { attempt: 1 });
    const second = { attempt: 2 };
    expect(await publisher.getPreview("J", second)).toEqual(jpeg);
    expect(await publisher.getPreview("nobody", second)).toBeNull();
    expect([await publisher.hasPreview("J", second), await publisher.hasPreview("nobody", second)]).toEqual([
      true,
      false,
    ]);
    expect(await redis.ttl(keys.preview("J"))).toBeGreaterThan(100);
    publisher.keepPreviewsFor(20);
    await publisher.setPreview("J", jpeg, second);
    expect(await redis.ttl(keys.preview("J"))).toBeLessThanOrEqual(20);
    expect(await publisher.setPreview("K", Buffer.alloc(65_537), { attempt: 1 })).toBe(false);
  });

  test("a preview of an attempt that is over is none of the next one's", async () => {
    const { publisher } = setup;
    await publisher.setPreview("J", Buffer.from("first"), { attempt: 1 });
    expect(await publisher.getPreview("J", { attempt: 2 })).toBeNull();
    expect(await publisher.hasPreview("J", { attempt: 2 })).toBe(false);
  });

  test("events that are told in one go arrive each by itself and in their order", async () => {
    const { publisher, subscriber } = setup;
    const seen: number[] = [];
    const last = Promise.withResolvers<void>();
    const { acknowledged } = subscriber.watchOwner("A", {
      durable: ({ ownerSeq }) => {
        seen.push(ownerSeq);
        if (ownerSeq === 4) last.resolve();
      },
      transient: () => undefined,
    });
    await acknowledged;
    const told = (ownerSeq: number, ownerId = "A") => ({ ownerId, ownerSeq, event: durable.queued(`J${ownerSeq}`) });
    const told1 = publisher.publish([told(1), told(2)]);
    const told2 = publisher.publish([told(1, "B")]);
    expect(await Promise.all([told1, told2, publisher.publish([told(3)]), publisher.publish([])])).toEqual(
      Array(4).fill(true),
    );
    expect(await publisher.publish([told(4)])).toBe(true);
    await last.promise;
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test("a wake reaches every worker, a cancel the one it names", async () => {
    const { publisher, subscriber } = setup;
    const canceled: string[] = [];
    const woken = Promise.withResolvers<void>();
    const last = Promise.withResolvers<void>();
    subscriber.onWake(woken.resolve);
    subscriber.onCancel("worker-1", (jobId) => canceled.push(jobId));
    subscriber.onCancel("worker-2", () => last.resolve());
    await waitForSubscription();
    await publisher.requestCancel("worker-1", "J");
    await publisher.requestCancel("worker-2", "K");
    await publisher.wake();
    await Promise.all([woken.promise, last.promise]);
    expect(canceled).toEqual(["J"]);
  });

  test("whoever is woken by new entries finds them at once, also by a server that forgot its scripts", async () => {
    const { subscriber, redis, keys } = setup;
    const queue = createQueue(redis, keys);
    await queue.rebuild([]);
    const found = Promise.withResolvers<string | undefined>();
    subscriber.onWake(() => void queue.order().then(([jobId]) => found.resolve(jobId), found.reject));
    await waitForSubscription();
    await redis.script("FLUSH");
    await queue.enqueue([entry("J")], { wake: true });
    expect(await found.promise).toBe("J");
  });

  test("entries that are pushed back wake nobody unless they are to", async () => {
    const { subscriber, redis, keys, publisher } = setup;
    const queue = createQueue(redis, keys);
    await queue.rebuild([]);
    const waiting: number[] = [];
    const woken = Promise.withResolvers<void>();
    subscriber.onWake(() => {
      waiting.push(waiting.length);
      woken.resolve();
    });
    await waitForSubscription();
    await queue.enqueue([entry("J")], { at: "head" });
    await publisher.wake();
    await woken.promise;
    await waitForSubscription();
    expect(waiting).toHaveLength(1);
  });

  test("a message that is not ours is counted and dropped", async () => {
    const { subscriber, redis, keys, publisher, feeds } = setup;
    const seen = Promise.withResolvers<unknown>();
    const { acknowledged } = subscriber.watchOwner("A", {
      durable: (owned) => seen.resolve(owned.ownerSeq),
      transient: () => seen.reject(new Error("nothing transient was sent")),
    });
    await acknowledged;
    const channel = keys.events(keys.shardOf("A"));
    for (const garbage of ["", "null", "{", '{"ownerId":"A"}', '{"ownerId":"A","ownerSeq":0,"event":{}}']) {
      await redis.publish(channel, garbage);
    }
    await publisher.publish([feeds.commit("A", durable.queued("J"))]);
    expect(await seen.promise).toBe(1);
    expect(subscriber.stats().rejected).toBe(5);
  });

  test("without Redis hints are given up quietly and the queue says that it is unavailable", async () => {
    const redis = createRedis("redis://127.0.0.1:1", { role: "commands", onError: () => undefined });
    const publisher = createPublisher(redis, setup.keys);
    const queue = createQueue(redis, setup.keys);
    const beginning = performance.now();
    expect(await publisher.publish([setup.feeds.commit("A", durable.queued("J"))])).toBe(false);
    expect(await publisher.wake()).toBe(false);
    expect(await publisher.getPreview("J", { attempt: 1 })).toBeNull();
    expect(await publisher.lastProgress(["J"])).toEqual(new Map());
    await expect(queue.depth()).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    await expect(queue.enqueue([])).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    // Each of the six that waited for Redis would wait a second (`commandTimeout`).
    expect(performance.now() - beginning).toBeLessThan(1000);
    redis.disconnect();
  });

  test("scripts that the server forgot are sent again", async () => {
    const { redis, keys, publisher } = setup;
    const queue = createQueue(redis, keys);
    await queue.rebuild([]);
    for (let round = 0; round < 5; round += 1) {
      await redis.script("FLUSH");
      expect(await queue.positions({ ownerIds: ["A"] })).toEqual(new Map());
      expect(await queue.enqueue([])).toBe("ok");
      expect(await publisher.setPreview("J", Buffer.from("x"), { attempt: 1 })).toBe(true);
    }
  });
});
