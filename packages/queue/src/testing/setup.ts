import { randomBytes } from "node:crypto";
import type { DurableEvent, JobPriority } from "@darkroom/contracts";
import { createHub, type HubOptions } from "../hub/hub.ts";
import { createPublisher } from "../pubsub/publisher.ts";
import { createSubscriber } from "../pubsub/subscriber.ts";
import { createRedis, whenReady } from "../redis/client.ts";
import { createKeys } from "../redis/keys.ts";
import { createQueue, type QueueEntry } from "../turns/queue.ts";
import { createFeeds } from "./feeds.ts";

/** A random key prefix: tests share one server and never flush it. */
export function testPrefix(): string {
  return `test-${randomBytes(4).toString("hex")}`;
}

/** A hub over real Redis and the feeds above. The check is off (an hour) unless asked for. */
export async function setupHub(redisUrl: string, options: Partial<HubOptions> & { subscriberUrl?: string } = {}) {
  const { subscriberUrl, ...hubOptions } = options;
  const keys = createKeys(testPrefix());
  const onError = () => undefined;
  const redis = createRedis(redisUrl, { role: "commands", onError, connectionName: keys.prefix });
  const subscriberRedis = createRedis(subscriberUrl ?? redisUrl, {
    role: "subscriber",
    onError,
    connectionName: keys.prefix,
  });
  await whenReady(redis);
  if (subscriberUrl === undefined) await whenReady(subscriberRedis);
  const subscriber = createSubscriber(subscriberRedis, keys);
  const publisher = createPublisher(redis, keys);
  const feeds = createFeeds();
  const hub = createHub({
    subscriber,
    readFeed: feeds.readFeed,
    readFeedHeads: feeds.readFeedHeads,
    readFeedTails: feeds.readFeedTails,
    readJobs: feeds.readJobs,
    checkIntervalMs: 3_600_000,
    coalesceMs: 20,
    ...hubOptions,
  });

  /** This test's connections, as the server lists them. */
  const clients = async () => {
    // On a busy machine the connection may just be coming back, and a command fails at once while it is away.
    await whenReady(redis);
    const list = String(await redis.client("LIST"));
    return list.split("\n").filter((line) => line.includes(` name=${keys.prefix} `));
  };
  return {
    keys,
    redis,
    subscriberRedis,
    subscriber,
    publisher,
    feeds,
    hub,
    clients,
    killSubscriber: async () => {
      const subscribed = (await clients()).find((line) => / sub=[1-9]/.test(line));
      const id = subscribed?.match(/^id=(\d+)/)?.[1];
      if (id === undefined) throw new Error("nobody is subscribed");
      await redis.client("KILL", "ID", id);
    },
    /** Commits and publishes. */
    emit: async (ownerId: string, event: DurableEvent) => {
      await publisher.publish([feeds.commit(ownerId, event)]);
    },
    close: async () => {
      hub.close();
      subscriber.close();
      const found = await redis.keys(`{${keys.prefix}}:*`);
      if (found.length > 0) await redis.del(...found);
      redis.disconnect();
      subscriberRedis.disconnect();
    },
  };
}

/** `A1` is job `A1` of owner `A`; it can run anywhere and loads no model unless said otherwise. */
export function entry(jobId: string, facts: Partial<QueueEntry> & { priority?: JobPriority } = {}): QueueEntry {
  return { jobId, ownerId: jobId.slice(0, 1), priority: "normal", capabilityKey: "any", modelKey: null, ...facts };
}

/** A queue on a prefix of its own, with an epoch. `close` removes its keys. */
export async function setupQueue(redisUrl: string) {
  const redis = createRedis(redisUrl, { role: "commands", onError: () => undefined });
  await whenReady(redis);
  const keys = createKeys(testPrefix());
  const queue = createQueue(redis, keys);
  await queue.rebuild([]);
  await queue.decide({ catalogHash: "catalog", capabilityKey: "any", able: true });
  const backend = { backendId: "backend-1", catalogHash: "catalog", warmModelKey: null };

  const wipe = async () => {
    const found = await redis.keys(`{${keys.prefix}}:*`);
    if (found.length > 0) await redis.del(...found);
  };
  return {
    redis,
    keys,
    queue,
    backend,
    wipe,
    /** Job ids in the order a backend gets them, until the queue has no more for it. */
    takeAll: async (request: Partial<Parameters<typeof queue.take>[0]> = {}) => {
      const order: string[] = [];
      for (;;) {
        const answer = await queue.take({ ...backend, ...request });
        if (answer.type !== "job") return order;
        order.push(answer.entry.jobId);
      }
    },
    close: async () => {
      await wipe();
      redis.disconnect();
    },
  };
}
