import type { AlertChange } from "@darkroom/contracts";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { alertChange, instanceMetric } from "../testing/instance-report.ts";
import { setupHub } from "../testing/setup.ts";
import type { TopicReader } from "./topic-reader.ts";
import { createTopics, isAfter, type Topics } from "./topics.ts";

async function setup() {
  const hub = await setupHub(inject("redisUrl"));
  const topics = createTopics(hub);
  onTestFinished(async () => {
    topics.close();
    await hub.close();
  });
  return { ...hub, topics };
}

/** The alerts of a reader, one after the other, and the id of the last. */
function alertsOf(reader: TopicReader<AlertChange>) {
  const batches = reader[Symbol.asyncIterator]();
  let last = "";
  return {
    last: () => last,
    begun: async () => void (await next()),
    next,
    /** Ids of the next `count` alerts. */
    ids: async (count: number): Promise<string[]> => {
      const ids: string[] = [];
      while (ids.length < count) ids.push(...(await next()).values.map(({ alert }) => alert.alertId));
      return ids;
    },
  };
  async function next() {
    const step = await batches.next();
    if (step.done === true) throw new Error("the topic ended");
    last = step.value.id;
    return step.value;
  }
}

/** A reader that has begun. */
async function watching(topics: Topics, lastEventId?: string) {
  const alerts = alertsOf(topics.watch("alerts", { lastEventId }));
  if (lastEventId === undefined) await alerts.begun();
  return alerts;
}

describe("a topic", () => {
  test("gives every reader the same messages in the same order, under the same ids", async () => {
    const { topics, publisher } = await setup();
    const other = createTopics(await setupOther());
    const readers = await Promise.all([watching(topics), watching(topics)]);
    await Promise.all(["a", "b", "c"].map((id) => publisher.publishAlert(alertChange(id))));
    const [first, second] = await Promise.all(readers.map((reader) => reader.ids(3)));
    expect(first?.toSorted()).toEqual(["a", "b", "c"]);
    expect(second).toEqual(first);
    expect(readers[0]?.last()).toBe(readers[1]?.last());
    // On another server prefix nothing of it is heard, and nothing is kept.
    expect(await other.latest("alerts")).toBeNull();
  });

  test("goes on after the last event that a reader has seen, and tells when what it missed is gone", async () => {
    const { topics, publisher, redis, keys } = await setup();
    const reader = await watching(topics);
    await publisher.publishAlert(alertChange("a"));
    await reader.ids(1);
    await publisher.publishAlert(alertChange("b"));
    await publisher.publishAlert(alertChange("c"));
    expect(await (await watching(topics, reader.last())).ids(2)).toEqual(["b", "c"]);
    await redis.del(keys.kept("alerts"));
    await publisher.publishAlert(alertChange("d"));
    const late = await watching(topics, reader.last());
    expect(await late.next()).toMatchObject({ isReset: true, values: [{ alert: { alertId: "d" } }] });
  });

  test("reads a message that was lost on the way before it gives the next", async () => {
    const { topics, publisher, redis, keys } = await setup();
    const reader = await watching(topics);
    await redis.xadd(keys.kept("alerts"), "*", "value", JSON.stringify(alertChange("never told")));
    await publisher.publishAlert(alertChange("told"));
    expect(await reader.ids(2)).toEqual(["never told", "told"]);
  });

  test("misses nothing when its connection is cut", async () => {
    const { topics, publisher, killSubscriber } = await setup();
    const reader = await watching(topics);
    await killSubscriber();
    await publisher.publishAlert(alertChange("while it was away"));
    await publisher.publishAlert(alertChange("after it"));
    expect(await reader.ids(2)).toEqual(["while it was away", "after it"]);
  });

  test("is listened to while somebody watches it, and not longer", async () => {
    const { topics, subscriber, publisher } = await setup();
    const stop = new AbortController();
    expect(subscriber.stats().channels).toBe(0);
    const [one, two] = [topics.watch("metrics", { signal: stop.signal }), topics.watch("metrics")];
    const batches = one[Symbol.asyncIterator]();
    await batches.next();
    expect(subscriber.stats().channels).toBe(1);
    await publisher.publishMetric(instanceMetric("I"));
    expect((await batches.next()).value).toMatchObject({ values: [{ instance: { instanceId: "I" } }] });
    stop.abort();
    expect((await batches.next()).done).toBe(true);
    expect(subscriber.stats().channels).toBe(1);
    two.close();
    expect(subscriber.stats().channels).toBe(0);
  });
});

test("ids are ordered by their time, then by their number", () => {
  expect(isAfter("10-0", "9-5")).toBe(true);
  expect(isAfter("10-2", "10-10")).toBe(false);
  expect(isAfter("10-0", "10-0")).toBe(false);
});

async function setupOther() {
  const hub = await setupHub(inject("redisUrl"));
  onTestFinished(hub.close);
  return hub;
}
