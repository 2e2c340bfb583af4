import type { DurableEvent, OwnedEvent, TransientEvent } from "@darkroom/contracts";
import { createHub, type Delivery, type HubOptions } from "../hub/hub.ts";
import { createPublisher } from "../pubsub/publisher.ts";
import { createSubscriber } from "../pubsub/subscriber.ts";
import { createRedis, whenReady } from "../redis/client.ts";
import { createKeys } from "../redis/keys.ts";
import { progressedEvent, testPrefix } from "./prefix.ts";

type OfJob<Type> = Omit<Extract<DurableEvent, { type: Type }>, "at" | "type">;

const at = "2026-11-21T12:00:00.000Z";

/** Durable events by type, with the fields that these tests look at. */
export const durable = {
  queued: (jobId: string, version = 1): DurableEvent => ({
    type: "job.queued",
    jobId,
    version,
    attempt: 0,
    at,
    workflow: "test-card",
    batchId: null,
  }),
  started: (jobId: string, version = 2, attempt = 1): DurableEvent => ({
    type: "job.started",
    jobId,
    version,
    attempt,
    at,
    backend: "backend-1",
  }),
  succeeded: (jobId: string, version = 3, attempt = 1): DurableEvent => ({
    ...({ jobId, version, attempt, durationSeconds: 1 } satisfies OfJob<"job.succeeded">),
    type: "job.succeeded",
    at,
  }),
};

/** A `job.progressed`. */
export function progressed(jobId: string, version: number, attempt: number, progress: number): TransientEvent {
  return progressedEvent({ jobId, version, attempt, at, progress, message: `${progress} %` });
}

/** Stands where Postgres does: feeds with sequence numbers, committed one by one. */
function createFeeds() {
  const feeds = new Map<string, OwnedEvent[]>();
  const heads = new Map<string, number>();
  let reads = 0;
  let broken = false;
  const of = (ownerId: string) => feeds.get(ownerId) ?? [];
  const query = <Answer>(answer: () => Answer): Promise<Answer> => {
    reads += 1;
    return broken ? Promise.reject(new Error("Postgres is away")) : Promise.resolve(answer());
  };
  return {
    commit: (ownerId: string, event: DurableEvent): OwnedEvent => {
      const owned = { ownerId, ownerSeq: (heads.get(ownerId) ?? 0) + 1, event };
      heads.set(ownerId, owned.ownerSeq);
      feeds.set(ownerId, [...of(ownerId), owned]);
      return owned;
    },
    /** What retention does. */
    forget: (ownerId: string, upTo: number) =>
      feeds.set(
        ownerId,
        of(ownerId).filter(({ ownerSeq }) => ownerSeq > upTo),
      ),
    setBroken: (value: boolean) => {
      broken = value;
    },
    reads: () => reads,
    readFeed: (({ cursors, limit }) =>
      query(() =>
        cursors
          .flatMap(({ ownerId, afterSeq }) => of(ownerId).filter(({ ownerSeq }) => ownerSeq > afterSeq))
          .slice(0, limit),
      )) satisfies HubOptions["readFeed"],
    readFeedTails: ((ownerIds) =>
      query(
        () =>
          new Map(
            ownerIds.map((ownerId) => [ownerId, { head: heads.get(ownerId) ?? 0, events: of(ownerId).slice(-128) }]),
          ),
      )) satisfies HubOptions["readFeedTails"],
    readFeedHeads: ((ownerIds) =>
      query(
        () => new Map(ownerIds.map((ownerId) => [ownerId, heads.get(ownerId) ?? 0])),
      )) satisfies HubOptions["readFeedHeads"],
  };
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
    checkIntervalMs: 3_600_000,
    coalesceMs: 20,
    ...hubOptions,
  });

  /** This test's connections, as the server lists them. */
  const clients = async () => {
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

/** Reads deliveries until one satisfies `isLast`; answers all of them. */
export async function readUntil(
  iterator: AsyncIterableIterator<Delivery, undefined>,
  isLast: (delivery: Delivery, all: readonly Delivery[]) => boolean,
): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (;;) {
    const result = await iterator.next();
    if (result.done) throw new Error("the subscription ended");
    all.push(result.value);
    if (isLast(result.value, all)) return all;
  }
}

/** Reads until an event of this type (and job) came; answers every event as `type jobId version`. */
export async function readEvents(
  iterator: AsyncIterableIterator<Delivery, undefined>,
  lastType: string,
  lastJob?: string,
): Promise<string[]> {
  const deliveries = await readUntil(iterator, ({ events }) =>
    events.some((event) => event.type === lastType && (lastJob === undefined || jobOf(event) === lastJob)),
  );
  return deliveries.flatMap(({ events }) => events.map((event) => `${event.type} ${jobOf(event)} ${versionOf(event)}`));
}

type AnyEvent = Delivery["events"][number];
const jobOf = (event: AnyEvent) => (event.type === "batch.settled" ? event.batchId : event.jobId);
const versionOf = (event: AnyEvent) => (event.type === "batch.settled" ? "" : event.version);
