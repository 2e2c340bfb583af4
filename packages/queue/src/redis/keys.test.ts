import { readFileSync } from "node:fs";
import { topicNames } from "@darkroom/contracts";
import { describe, expect, inject, test } from "vitest";
import { createInstances } from "../monitor/instances.ts";
import { createTopics } from "../monitor/topics.ts";
import { createViewers } from "../monitor/viewers.ts";
import { createPublisher } from "../pubsub/publisher.ts";
import { createSubscriber } from "../pubsub/subscriber.ts";
import { progressed } from "../testing/events.ts";
import { alertChange, instanceMetric, instanceReport } from "../testing/instance-report.ts";
import { entry, setupQueue } from "../testing/setup.ts";
import { createKeys } from "./keys.ts";
import { connectProcess } from "./process-connections.ts";

const page = readFileSync(new URL("../../../../docs/redis.md", import.meta.url), "utf8");

/** The rows of docs/redis.md whose first cell is a name of ours: name → its other cells. */
const documented = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| `{darkroom}"))
    .map((line) => {
      const [, name = "", ...cells] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return [name.slice(1, -1), cells] as const;
    }),
);

const ttlSeconds: Readonly<Record<string, number>> = {
  "–": -1,
  "24 h": 86_400,
  "1 h": 3600,
  "2 min": 120,
  "15 s": 15,
  "3 s": 3,
  "1 s": 1,
  "1 min": 60,
};

describe("docs/redis.md", () => {
  test("names exactly the keys and channels of keys.ts", () => {
    const { lane, able, progress, preview, viewers, events, instance, kept, topic, turn, ...rest } = createKeys();
    const { prefix: _, laneRoot: __, instanceRoot: ___, shardOf: ____, ...plain } = rest;
    const names = [
      ...Object.values(plain).map((name) => name()),
      lane("<ownerId>", "<priority>"),
      able("<catalogHash>"),
      progress("<jobId>"),
      preview("<jobId>"),
      viewers("<jobId>"),
      events(0).replace(/0$/, "<shard>"),
      instance("<instanceId>"),
      turn("overview"),
      turn("outage"),
      ...topicNames.flatMap((name) => [topic(name), kept(name)]),
    ];
    expect([...documented.keys()].toSorted()).toEqual(names.toSorted());
  });

  test("tells the type and TTL of every key that a running queue writes", async () => {
    const { redis, keys, queue, backend, close } = await setupQueue(inject("redisUrl"));
    const publisher = createPublisher(redis, keys);
    await queue.enqueue([entry("A1", { modelKey: "cold" }), entry("A2", { modelKey: "warm" })]);
    await queue.take({ ...backend, warmModelKey: "warm" });
    await publisher.publishTransient({ ownerId: "A", event: progressed("J", 2, 1, 50) });
    await publisher.setPreview("J", Buffer.from("jpeg"), { attempt: 1 });
    await createInstances(redis, keys).report({
      report: instanceReport("I"),
      connections: [],
      counts: null,
    });
    await publisher.publishMetric(instanceMetric("I"));
    await createViewers(redis, keys).look("J", "A", true);
    await publisher.publishAlert(alertChange("A"));
    await publisher.publishNotice({ notice: null });
    await publisher.publishOverview({});
    await createTopics({ redis, keys, subscriber: createSubscriber(redis, keys) }).takeTurn("overview", "I", 1000);
    await createTopics({ redis, keys, subscriber: createSubscriber(redis, keys) }).takeTurn("outage", "I", 60_000);

    const written = await redis.keys(`{${keys.prefix}}:*`);
    expect(written).toHaveLength([...documented.values()].filter((cells) => cells.length > 5).length);
    for (const key of written) {
      const name = key
        .replace(keys.prefix, "darkroom")
        .replace(/:lane:.*/, ":lane:<ownerId>:<priority>")
        .replace(/:able:.*/, ":able:<catalogHash>")
        .replace(/(progress|preview|viewers):.*/, "$1:<jobId>")
        .replace(/:instance:.*/, ":instance:<instanceId>");
      const [type, ttl = ""] = documented.get(name) ?? [];
      expect([name, await redis.type(key)]).toEqual([name, type]);
      const left = await redis.ttl(key);
      const full = ttlSeconds[ttl] ?? Number.NaN;
      expect(left === full || left > full - 30, `${name} lives ${left} s`).toBe(true);
    }
    await close();
  });
});

describe("docs/redis.md, connections", () => {
  test("names exactly the connections that the processes open", () => {
    const mains = ["web/src/server/main.ts", "worker/src/main.ts"].map((main) =>
      readFileSync(new URL(`../../../../apps/${main}`, import.meta.url), "utf8"),
    );
    const opened = mains.flatMap((text) => {
      const [, name = ""] = /connectProcess\([^)]*?name: "([^"]+)"/s.exec(text) ?? [];
      const ignored = () => undefined;
      const how = { name, onError: ignored, onAnswer: ignored, refuse: ignored };
      const { commands, subscriber } = connectProcess(inject("redisUrl"), how);
      return [commands, subscriber].map((connection) => {
        connection.disconnect();
        return connection.options.connectionName;
      });
    });
    const told = [...page.matchAll(/^\| `(darkroom-[a-z-]+)`/gm)].map(([, name]) => name);
    expect(told).toEqual(opened);
  });
});

describe("keys", () => {
  test("share one hash tag and spread owners over all shards", () => {
    const keys = createKeys("elsewhere");
    expect(keys.lane("owner", "h")).toBe("{elsewhere}:queue:lane:owner:h");
    expect(keys.lane("owner", "h").startsWith(keys.laneRoot)).toBe(true);
    const shards = new Set(Array.from({ length: 500 }, (_, index) => keys.shardOf(`owner-${index}`)));
    expect([...shards].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, shard) => shard));
  });
});
