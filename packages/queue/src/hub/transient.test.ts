import { setImmediate } from "node:timers/promises";
import type { TransientEvent, Wait } from "@darkroom/contracts";
import { afterEach, describe, expect, inject, test } from "vitest";
import { durable, progressed, readEvents, readUntil } from "../testing/events.ts";
import { setupHub } from "../testing/setup.ts";
import type { HubOptions } from "./hub.ts";
import type { Attachment } from "./subscription.ts";

describe("hub, transient events", () => {
  let current: Awaited<ReturnType<typeof setupHub>> | undefined;
  const setup = async (options: Partial<HubOptions> = {}) => {
    current = await setupHub(inject("redisUrl"), options);
    const { publisher, emit } = current;
    const send = (event: TransientEvent, ownerId = "A") => publisher.publishTransient({ ownerId, event });
    /** Resolves when the reader gets what passes: what was sent before may be lost to it, as transient events may be. */
    const isLive = async (reader: Attachment) => {
      await emit("A", durable.started("live"));
      let isSeen = false;
      const seen = readEvents(reader, "job.progressed", "live").then(() => {
        isSeen = true;
      });
      for (let progress = 1; !isSeen; progress += 1) {
        await send(progressed("live", 2, 1, progress));
        await setImmediate();
      }
      await seen;
    };
    /** What the reader gets until there is progress of job K, but for what `isLive` sent. */
    const untilK = async (reader: Attachment) => {
      const seen = await readEvents(reader, "job.progressed", "K");
      return seen.filter((event) => !event.includes(" live "));
    };
    return { ...current, isLive, untilK, send };
  };
  afterEach(() => current?.close());

  test("of many in a moment the latest is delivered, and at most ten a second", async () => {
    const { hub, emit, send } = await setup({ coalesceMs: 100 });
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    await readEvents(reader, "job.started");
    const beginning = performance.now();
    for (let progress = 1; progress <= 100; progress += 1) await send(progressed("J", 2, 1, progress));
    const deliveries = await readUntil(reader, ({ events }) =>
      events.some((event) => event.type === "job.progressed" && event.progress === 100),
    );
    expect(deliveries.length).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - beginning) / 100));
    expect(deliveries.every(({ events }) => events.length === 1)).toBe(true);
  });

  test("the first progress after a quiet moment is delivered at once, and what follows is held back", async () => {
    // An hour: whatever waits for the timer is never delivered in this test.
    const { hub, emit, send } = await setup({ coalesceMs: 3_600_000 });
    const reader = hub.attach({ ownerIds: ["A", "B"], cursor: {} });
    for (const owner of ["A", "B"]) {
      await emit(owner, durable.started(`${owner}1`));
      await readEvents(reader, "job.started");
    }
    await send(progressed("A1", 2, 1, 1));
    expect(await readEvents(reader, "job.progressed")).toEqual(["job.progressed A1 2"]);
    await send(progressed("A1", 2, 1, 2));
    // The other owner's feed was quiet: it does not wait for this one's.
    await send(progressed("B1", 2, 1, 1), "B");
    expect(await readEvents(reader, "job.progressed")).toEqual(["job.progressed B1 2"]);
    await emit("A", durable.queued("last"));
    expect(await readEvents(reader, "job.queued")).toEqual(["job.queued last 1"]);
  });

  test("progress never comes after the end, however late it was sent or arrives", async () => {
    const { hub, emit, send } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    await readEvents(reader, "job.started");
    await send(progressed("J", 2, 1, 50));
    await emit("A", durable.succeeded("J"));
    await send(progressed("J", 2, 1, 60));
    await send(progressed("J", 3, 1, 70));
    await emit("A", durable.queued("last"));
    const seen = await readEvents(reader, "job.queued", "last");
    expect(seen.slice(seen.indexOf("job.succeeded J 3"))).toEqual(["job.succeeded J 3", "job.queued last 1"]);
    // Round the timer: what waits for it would come with this.
    await send(progressed("last", 1, 0, 1));
    expect(await readEvents(reader, "job.progressed")).toEqual(["job.progressed last 1"]);
    expect(hub.stats().staleTransients).toBeGreaterThanOrEqual(2);
  });

  test("progress of a job that ended before anybody attached is dropped", async () => {
    const { feeds, hub, isLive, untilK, emit, send } = await setup();
    feeds.commit("A", durable.started("J"));
    feeds.commit("A", durable.succeeded("J"));
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 2 } });
    await isLive(reader);
    await send(progressed("J", 2, 1, 99));
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    expect(await untilK(reader)).toEqual(["job.started K 2", "job.progressed K 2"]);
  });

  test("progress of a job that ended more events ago than a hub looks back is dropped", async () => {
    const { feeds, hub, isLive, untilK, emit, send } = await setup();
    feeds.commit("A", durable.started("J"));
    feeds.commit("A", durable.succeeded("J"));
    for (let index = 0; index < 400; index += 1) feeds.commit("A", durable.queued(`other-${index}`));
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 402 } });
    await isLive(reader);
    await send(progressed("J", 2, 1, 99));
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    expect(await untilK(reader)).toEqual(["job.started K 2", "job.progressed K 2"]);
  });

  test("progress of a job that ended since an old snapshot showed it is dropped", async () => {
    const { feeds, hub, isLive, untilK, emit, send } = await setup();
    feeds.commit("A", durable.started("J"));
    feeds.commit("A", durable.succeeded("J"));
    for (let index = 0; index < 400; index += 1) feeds.commit("A", durable.queued(`other-${index}`));
    const knownJobs = [{ jobId: "J", version: 2, attempt: 1, state: "running" as const }];
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 1 }, knownJobs });
    await readUntil(reader, ({ cursor }) => cursor.A === 402);
    await isLive(reader);
    await send(progressed("J", 2, 1, 99));
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    expect(await untilK(reader)).toEqual(["job.started K 2", "job.progressed K 2"]);
  });

  test("a reader that knows more than the hub gets no progress of a job whose end it was given elsewhere", async () => {
    const { feeds, hub, emit, send } = await setup();
    const slow = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    await readEvents(slow, "job.started");
    feeds.commit("A", durable.succeeded("J"));
    const ahead = hub.attach({ ownerIds: ["A"], cursor: { A: 2 } });
    const seen = readEvents(ahead, "job.progressed");
    await send(progressed("J", 2, 1, 99));
    // The end, which the hub reads for the reader that knows it; if it did not, the progress.
    await readUntil(slow, () => true);
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    expect(await seen).toEqual(["job.started K 2", "job.progressed K 2"]);
  });

  test("nothing of a job comes after it was removed, also if its end was forgotten long ago", async () => {
    const { feeds, hub, isLive, untilK, emit, send } = await setup();
    for (const event of [durable.started("J"), durable.succeeded("J")]) feeds.commit("A", event);
    feeds.forget("A", 2);
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 2 } });
    await isLive(reader);
    await emit("A", durable.removed("J", 4));
    await send(progressed("J", 3, 1, 50));
    await send(progressed("J", 4, 1, 60));
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    expect(await untilK(reader)).toEqual(["job.removed J 4", "job.started K 2", "job.progressed K 2"]);
  });

  test("progress of a version not seen yet waits for its durable event", async () => {
    const { feeds, hub, emit, send } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    await readEvents(reader, "job.queued");
    feeds.commit("A", durable.started("J"));
    await send(progressed("J", 2, 1, 10));
    expect(await readEvents(reader, "job.progressed")).toEqual(["job.started J 2", "job.progressed J 2"]);
  });

  test("progress of an earlier attempt is dropped once the next has begun", async () => {
    const { hub, emit, send } = await setup();
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J", 2, 1));
    await emit("A", durable.started("J", 4, 2));
    await readUntil(reader, ({ cursor }) => cursor.A === 2);
    await send(progressed("J", 4, 2, 5));
    await send(progressed("J", 2, 1, 80));
    await send(progressed("J", 4, 1, 90));
    await emit("A", durable.started("K"));
    await send(progressed("K", 2, 1, 1));
    // What was held back after the first would come with this.
    const deliveries = await readUntil(reader, ({ events }) =>
      events.some((event) => event.type === "job.progressed" && event.jobId === "K"),
    );
    const told = deliveries.flatMap(({ events }) => events).filter((event) => "jobId" in event && event.jobId === "J");
    expect(told).toMatchObject([{ attempt: 2, progress: 5 }]);
  });

  test("progress of a job whose events are long past is delivered", async () => {
    const { feeds, hub, isLive, send } = await setup();
    feeds.commit("A", durable.started("J"));
    for (let index = 0; index < 400; index += 1) feeds.commit("A", durable.queued(`other-${index}`));
    const reader = hub.attach({ ownerIds: ["A"], cursor: { A: 401 } });
    await isLive(reader);
    await send(progressed("J", 2, 1, 10));
    await send(progressed("J", 2, 1, 20));
    const deliveries = await readUntil(reader, ({ events }) =>
      events.some((event) => event.type === "job.progressed" && event.progress === 20),
    );
    expect(deliveries.at(-1)?.cursor).toEqual({ A: 402 });
  });

  test("waits are delivered for queued jobs when they change, with the job's version", async () => {
    let wait: Wait = { position: 3, waitSeconds: 12, etaSeconds: 20, etaRangeSeconds: [15, 26] };
    const { hub, emit } = await setup({
      positionIntervalMs: 20,
      readWaits: async () => new Map([["J", wait]]),
    });
    const reader = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.queued("J"));
    const isSaid =
      (wanted: number) => (delivery: { events: readonly { type: string; etaSeconds?: number | null }[] }) =>
        delivery.events.some(({ type, etaSeconds }) => type === "job.positioned" && etaSeconds === wanted);
    const first = await readUntil(reader, isSaid(20));
    wait = { ...wait, waitSeconds: 10, etaSeconds: 18 };
    const second = await readUntil(reader, isSaid(18));
    wait = { ...wait, position: 1, waitSeconds: 4, etaSeconds: 12, waitReason: "The queue is paused." };
    const third = await readUntil(reader, isSaid(12));
    expect([...first, ...second, ...third].flatMap(({ events }) => events)).toMatchObject([
      { type: "job.queued" },
      { type: "job.positioned", position: 3, waitSeconds: 12, etaRangeSeconds: [15, 26], version: 1, attempt: 0 },
      { type: "job.positioned", position: 3, waitSeconds: 10, version: 1, attempt: 0 },
      { type: "job.positioned", position: 1, waitReason: "The queue is paused.", version: 1, attempt: 0 },
    ]);
    const late = hub.attach({ ownerIds: ["A"], cursor: { A: 1 } });
    expect((await late.next()).value).toMatchObject({ events: [{ type: "job.positioned", position: 1 }] });
    await emit("A", durable.started("J"));
    wait = { ...wait, position: 0 };
    expect(await readEvents(reader, "job.started")).toEqual(["job.started J 2"]);
  });

  test("a job known from a snapshot has its position delivered", async () => {
    const { feeds, hub } = await setup({
      positionIntervalMs: 20,
      readWaits: async () =>
        new Map([["J", { position: 4, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null }]]),
    });
    feeds.commit("A", durable.queued("J"));
    for (let index = 0; index < 400; index += 1) feeds.commit("A", durable.succeeded(`other-${index}`));
    const reader = hub.attach({
      ownerIds: ["A"],
      cursor: { A: 401 },
      knownJobs: [{ jobId: "J", version: 1, attempt: 0, state: "queued" }],
    });
    expect(await readEvents(reader, "job.positioned")).toEqual(["job.positioned J 1"]);
  });

  test("progress that waits for a slow reader is dropped when the job ends", async () => {
    const { hub, emit, send } = await setup({ coalesceMs: 1 });
    const slow = hub.attach({ ownerIds: ["A"], cursor: {} });
    const fast = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    await readEvents(slow, "job.started");
    await readEvents(fast, "job.started");
    await send(progressed("J", 2, 1, 50));
    await readEvents(fast, "job.progressed");
    await emit("A", durable.succeeded("J"));
    await readEvents(fast, "job.succeeded");
    expect((await slow.next()).value?.events.map(({ type }) => type)).toEqual(["job.succeeded"]);
  });

  test("progress waits for a slow reader as one event, not as a queue", async () => {
    const { hub, emit, send } = await setup({ coalesceMs: 1 });
    const slow = hub.attach({ ownerIds: ["A"], cursor: {} });
    const fast = hub.attach({ ownerIds: ["A"], cursor: {} });
    await emit("A", durable.started("J"));
    await readEvents(slow, "job.started");
    // Progress is given to readers that are live; what comes before that is not kept for them.
    await readEvents(fast, "job.started");
    for (let progress = 1; progress <= 30; progress += 1) {
      await send(progressed("J", 2, 1, progress));
      await readUntil(fast, ({ events }) =>
        events.some((event) => event.type === "job.progressed" && event.progress === progress),
      );
    }
    expect((await slow.next()).value).toMatchObject({ events: [{ progress: 30 }] });
  });
});
