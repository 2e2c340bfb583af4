import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { durable, readEvents, readUntil } from "../testing/events.ts";
import { setupHub } from "../testing/setup.ts";
import type { HubOptions } from "./hub.ts";

describe("hub, durable events", () => {
  let current: Awaited<ReturnType<typeof setupHub>> | undefined;
  const setup = async (options: Partial<HubOptions> & { subscriberUrl?: string } = {}) => {
    current = await setupHub(inject("redisUrl"), options);
    return current;
  };
  afterEach(() => current?.close());

  test("a reader gets what it missed, then what happens, once and in order", async () => {
    const { feeds, hub, emit } = await setup();
    feeds.commit("A", durable.queued("J"));
    feeds.commit("A", durable.started("J"));
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 1 } });
    const [first] = await readUntil(reader, () => true);
    expect(first).toMatchObject({ cursor: { A: 2 }, events: [{ type: "job.started" }] });
    await emit("A", durable.succeeded("J"));
    const [second] = await readUntil(reader, () => true);
    expect(second).toMatchObject({ cursor: { A: 3 }, events: [{ type: "job.succeeded" }] });
  });

  test("what happens while a reader attaches is neither lost nor repeated", async () => {
    const { hub, emit } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await Promise.all([
      emit("A", durable.queued("J")),
      emit("A", durable.started("J")),
      emit("A", durable.succeeded("J")),
    ]);
    expect(await readEvents(reader, "job.succeeded")).toEqual([
      "job.queued J 1",
      "job.started J 2",
      "job.succeeded J 3",
    ]);
  });

  test("a feed is read only once its subscription is acknowledged", async () => {
    const order: string[] = [];
    const { hub, subscriber, emit } = await setup({
      readFeedTails: async (ownerIds) => {
        order.push("read");
        return (await current?.feeds.readFeedTails(ownerIds)) ?? new Map();
      },
    });
    const watchOwner = subscriber.watchOwner;
    vi.spyOn(subscriber, "watchOwner").mockImplementation((...watch) => {
      const watched = watchOwner(...watch);
      void watched.acknowledged.then(() => order.push("acknowledged"));
      return watched;
    });
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    expect(order).toEqual(["acknowledged", "read"]);
  });

  test("a message that was lost is read from Postgres before the next one is delivered", async () => {
    const { feeds, hub, emit } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    feeds.commit("A", durable.started("J"));
    await emit("A", durable.succeeded("J"));
    expect(await readEvents(reader, "job.succeeded")).toEqual(["job.started J 2", "job.succeeded J 3"]);
    expect(hub.stats().gaps).toBe(1);
  });

  test("publishers that race deliver in the order of the commits", async () => {
    const { feeds, hub, publisher, emit } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("first"));
    await readEvents(reader, "job.queued");
    const owned = Array.from({ length: 50 }, (_, index) => feeds.commit("A", durable.queued(`J${index}`)));
    await publisher.publish(owned.toReversed());
    const deliveries = await readUntil(reader, ({ cursor }) => cursor.A === 51);
    const jobIds = deliveries.flatMap(({ events }) => events.map((event) => "jobId" in event && event.jobId));
    expect(jobIds).toEqual(owned.map((_, index) => `J${index}`));
  });

  test("a repeated message is delivered once", async () => {
    const { feeds, hub, publisher, emit } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    const owned = feeds.commit("A", durable.queued("J"));
    await publisher.publish([owned, owned]);
    await publisher.publish([owned]);
    await emit("A", durable.started("J"));
    expect(await readEvents(reader, "job.started")).toEqual(["job.queued J 1", "job.started J 2"]);
  });

  test("an event whose message was lost altogether comes with the next check", async () => {
    const { feeds, hub, emit } = await setup({ checkIntervalMs: 50 });
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    feeds.commit("A", durable.started("J"));
    expect(await readEvents(reader, "job.started")).toEqual(["job.started J 2"]);
  });

  test("a check of many owners is one query", async () => {
    const { feeds, hub } = await setup({ checkIntervalMs: 100 });
    const owners = Array.from({ length: 50 }, (_, index) => `owner-${index}`);
    const readers = owners.map((owner) => hub.attach({ ownerIds: [owner], cursor: {} }));
    for (const owner of owners) feeds.commit(owner, durable.queued(`J-${owner}`));
    await Promise.all(readers.map((reader) => readEvents(reader, "job.queued")));
    const before = feeds.reads();
    for (const owner of owners) feeds.commit(owner, durable.started(`J-${owner}`));
    await Promise.all(readers.map((reader) => readEvents(reader, "job.started")));
    expect(feeds.reads() - before).toBeLessThanOrEqual(5);
  });

  test("a thousand readers of as many owners who come back cost a few queries", async () => {
    const { feeds, hub } = await setup();
    const owners = Array.from({ length: 1000 }, (_, index) => `owner-${index}`);
    for (const owner of owners) {
      feeds.commit(owner, durable.queued("J"));
      feeds.commit(owner, durable.started("J"));
    }
    const readers = owners.map((owner) => hub.attach({ ownerIds: [owner], cursor: { [owner]: 1 } }));
    expect(new Set(await Promise.all(readers.map((reader) => reader.isResumable())))).toEqual(new Set([true]));
    const events = await Promise.all(readers.map((reader) => readEvents(reader, "job.started")));
    expect(new Set(events.flat())).toEqual(new Set(["job.started J 2"]));
    expect(feeds.reads()).toBeLessThanOrEqual(5);
  });

  test("a cursor is usable while everything after it is kept and it has happened", async () => {
    const { feeds, hub } = await setup();
    for (let version = 1; version <= 300; version += 1) feeds.commit("A", durable.queued("J", version));
    feeds.forget("A", 10);
    const isResumable = (seq: number) => {
      const reader = hub.attach({ ownerIds: ["A"], cursor: { A: seq } });
      return reader.isResumable().finally(() => reader.return?.());
    };
    expect(await Promise.all([9, 10, 11, 200, 299, 300, 301].map(isResumable))).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test("events published while the subscriber was cut off are delivered once it is back", async () => {
    const { feeds, hub, emit, publisher, killSubscriber, subscriber } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    const reconnected = new Promise<void>((resolve) => subscriber.onReconnect(resolve));
    await killSubscriber();
    await publisher.publish([feeds.commit("A", durable.started("J"))]);
    expect(await readEvents(reader, "job.started")).toEqual(["job.started J 2"]);
    await reconnected;
    await emit("A", durable.succeeded("J"));
    expect(await readEvents(reader, "job.succeeded")).toEqual(["job.succeeded J 3"]);
  });

  test("without Redis events come from Postgres", async () => {
    const { feeds, hub } = await setup({ subscriberUrl: "redis://127.0.0.1:1" });
    feeds.commit("A", durable.queued("J"));
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await readEvents(reader, "job.queued");
    feeds.commit("A", durable.started("J"));
    expect(await readEvents(reader, "job.started")).toEqual(["job.started J 2"]);
  });

  test("while Postgres is away readers wait, and go on when it is back", async () => {
    const { feeds, hub } = await setup();
    feeds.commit("A", durable.queued("J"));
    feeds.setBroken(true);
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    const events = readEvents(reader, "job.queued");
    feeds.setBroken(false);
    expect(await events).toEqual(["job.queued J 1"]);
  });

  test("two readers of one owner share one feed and each gets everything", async () => {
    const { hub, emit } = await setup();
    const early = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(early, "job.queued");
    const late = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    expect(hub.stats()).toMatchObject({ owners: 1, subscriptions: 2 });
    expect(await readEvents(early, "job.started")).toEqual(["job.started J 2"]);
    expect(await readEvents(late, "job.started")).toEqual(["job.queued J 1", "job.started J 2"]);
  });

  test("one reader of two owners gets both feeds and a cursor for each", async () => {
    const { hub, emit } = await setup();
    const reader = hub.attach({ ownerIds: ["A", "B"], cursor: {} });
    await emit("A", durable.queued("JA"));
    await emit("B", durable.queued("JB"));
    const deliveries = await readUntil(reader, (_, all) => all.flatMap(({ events }) => events).length === 2);
    expect(deliveries.at(-1)?.cursor).toEqual({ A: 1, B: 1 });
  });

  test("a reader of one job gets its events only, with a cursor that covers the whole feed", async () => {
    const { feeds, hub, emit } = await setup();
    for (let index = 0; index < 1200; index += 1) feeds.commit("A", durable.queued(`other-${index}`));
    feeds.commit("A", durable.queued("J"));
    const reader = hub.attach({ ownerIds: ["A"], cursor: {}, jobId: "J" });
    const [first] = await readUntil(reader, () => true);
    expect(first).toMatchObject({ cursor: { A: 1201 }, events: [{ jobId: "J" }] });
    await emit("A", durable.queued("other"));
    await emit("A", durable.started("J"));
    const [second] = await readUntil(reader, () => true);
    expect(second).toMatchObject({ cursor: { A: 1203 }, events: [{ type: "job.started", jobId: "J" }] });
  });

  test("a reader that comes back after thousands of events gets each of them once", async () => {
    const { feeds, hub } = await setup();
    for (let index = 0; index < 2100; index += 1) feeds.commit("A", durable.queued(`J${index}`));
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 7 } });
    const deliveries = await readUntil(reader, ({ cursor }) => cursor.A === 2100);
    const jobIds = deliveries.flatMap(({ events }) => events.map((event) => "jobId" in event && event.jobId));
    expect(jobIds).toEqual(Array.from({ length: 2093 }, (_, index) => `J${index + 7}`));
  });

  test("a reader that lags keeps a bounded buffer and still misses nothing", async () => {
    const { hub, emit } = await setup();
    const slow = hub.attach({ ownerIds: ["A"], cursor: {}, bufferLimit: 10 });
    const fast = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J0"));
    await readEvents(slow, "job.queued");
    for (let index = 1; index < 200; index += 1) await emit("A", durable.queued(`J${index}`));
    await readUntil(fast, ({ cursor }) => cursor.A === 200);
    expect(hub.stats().overflows).toBeGreaterThan(0);
    const deliveries = await readUntil(slow, ({ cursor }) => cursor.A === 200);
    expect(deliveries.flatMap(({ events }) => events)).toHaveLength(199);
  });

  test("events that retention took are skipped, later ones are delivered", async () => {
    const { feeds, hub, emit } = await setup();
    for (let index = 0; index < 300; index += 1) feeds.commit("A", durable.queued(`J${index}`));
    feeds.forget("A", 290);
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 1 } });
    const deliveries = await readUntil(reader, ({ cursor }) => cursor.A === 300);
    expect(deliveries.flatMap(({ events }) => events)).toHaveLength(10);
    await emit("A", durable.queued("next"));
    expect(await readEvents(reader, "job.queued")).toEqual(["job.queued next 1"]);
  });

  test("a feed whose newest events retention took is compared once, not read again at every check", async () => {
    const { feeds, hub } = await setup({ checkIntervalMs: 30 });
    const readerA = hub.attach({ ownerIds: ["A"], cursor: {} });
    const readerB = hub.attach({ ownerIds: ["B"], cursor: {} });
    feeds.commit("A", durable.queued("J"));
    await readEvents(readerA, "job.queued");
    feeds.commit("A", durable.started("J"));
    feeds.forget("A", 2);
    const before = hub.stats().gaps;
    for (let check = 0; check < 4; check += 1) {
      feeds.commit("B", durable.queued(`J${check}`));
      await readEvents(readerB, "job.queued", `J${check}`);
    }
    expect(hub.stats().gaps - before).toBeLessThanOrEqual(1 + 4);
  });

  test("a message that Postgres knows nothing of is not delivered and holds nothing up", async () => {
    const { hub, emit, publisher } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    await publisher.publish([{ ownerId: "A", ownerSeq: 99, event: durable.succeeded("J", 9) }]);
    for (let index = 0; index < 20; index += 1) await emit("A", durable.queued(`other-${index}`));
    await emit("A", durable.started("J"));
    const seen = await readEvents(reader, "job.started");
    expect(seen).toHaveLength(21);
    expect(seen).not.toContain("job.succeeded J 9");
    expect(hub.stats().reads).toBeLessThan(10);
  });

  test("an ended reader lets go of its feed, also one that waits", async () => {
    const { hub, subscriber } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    const next = reader.next();
    reader.close();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(hub.stats()).toMatchObject({ owners: 0, subscriptions: 0 });
    expect(subscriber.stats().channels).toBe(0);
  });

  test("a closed hub ends every reader", async () => {
    const { hub } = await setup();
    const waiting = [hub.attach({ ownerIds: ["A"], cursor: {} }), hub.attach({ ownerIds: ["B"], cursor: {} })].map(
      (reader) => reader.next(),
    );
    hub.close();
    expect((await Promise.all(waiting)).every(({ done }) => done)).toBe(true);
    expect(await hub.attach({ ownerIds: ["A"], cursor: {} }).next()).toMatchObject({ done: true });
  });

  test("a hundred readers of a hundred owners need no connection more than one", async () => {
    const { hub, emit, clients } = await setup();
    const before = (await clients()).length;
    const owners = Array.from({ length: 100 }, (_, index) => `owner-${index}`);
    const readers = owners.map((owner) => hub.attach({ ownerIds: [owner], cursor: {} }));
    await Promise.all(owners.map((owner) => emit(owner, durable.queued(`J-${owner}`))));
    await Promise.all(readers.map((reader) => readEvents(reader, "job.queued")));
    expect(await clients()).toHaveLength(before);
    expect(before).toBe(2);
  });
});
