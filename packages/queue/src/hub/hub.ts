import type { Wait } from "@darkroom/contracts";
import type { Subscriber } from "../pubsub/subscriber.ts";
import { createFeedReader, type ReadFeed, type ReadFeedTails, type ReadJobs } from "./feed-reader.ts";
import { type OnBroadcast, OwnerFeed } from "./owner-feed.ts";
import { type Attachment, type AttachRequest, Subscription, type SubscriptionHost } from "./subscription.ts";

/** The last `ownerSeq` of each owner; owners without events may be absent. */
export type ReadFeedHeads = (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

export interface HubOptions {
  readonly subscriber: Subscriber;
  readonly readFeed: ReadFeed;
  readonly readFeedHeads: ReadFeedHeads;
  readonly readFeedTails: ReadFeedTails;
  readonly readJobs: ReadJobs;
  /** Job → wait of the owners' waiting jobs; may reject while Redis is down. Left out: no `job.positioned`. */
  readonly readWaits?: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, Wait>>;
  /** How often the watched feeds are compared with Postgres; at least once a second while Redis is down. Default 5000. */
  readonly checkIntervalMs?: number;
  /** Transient events of one owner are delivered at most once in this time, of each job and type the latest. Default 100. */
  readonly coalesceMs?: number;
  /** How often positions are computed. Default 1000. */
  readonly positionIntervalMs?: number;
  readonly onBroadcast?: OnBroadcast | undefined;
  /** Failures to read; the hub retries by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface HubStats {
  readonly owners: number;
  readonly subscriptions: number;
  /** Durable events that arrived out of order or too late, so that Postgres was read. */
  readonly gaps: number;
  readonly reads: number;
  readonly staleTransients: number;
  readonly overflows: number;
  /** Events that wait for a slow reader now. */
  readonly buffered: number;
}

/** Delivers events to everyone in this process who watches; one per process. */
export interface Hub {
  /** Begins at once, before the first `next()`. */
  attach(request: AttachRequest): Attachment;
  stats(): HubStats;
  /** Ids of the jobs that somebody follows alone. */
  followedJobs(): ReadonlySet<string>;
  /** Ends every iteration and every timer. */
  close(): void;
}

/** How often feeds are compared with Postgres while Redis tells us nothing. */
const DOWN_CHECK_INTERVAL_MS = 1000;

/** The hub of this process. */
export function createHub(options: HubOptions): Hub {
  const { subscriber, readFeed, readFeedHeads, readFeedTails, readJobs, readWaits } = options;
  const { checkIntervalMs = 5000, coalesceMs = 100, positionIntervalMs = 1000, onError = () => undefined } = options;
  const reader = createFeedReader({ readFeed, readFeedTails, readJobs, onError });
  /** By owner. A feed passes events on without gaps: what arrives early waits, what is missing is read from Postgres. */
  const feeds = new Map<string, OwnerFeed>();
  /** Readers, each with a bounded buffer: one that lags too far reads on from its own cursor in Postgres. */
  const subscriptions = new Set<Subscription>();
  const counters = { gaps: 0, staleTransients: 0, overflows: 0 };
  let isClosed = false;

  const check = single(async () => {
    const live = [...feeds.values()].filter(({ isStarted }) => isStarted);
    if (live.length === 0) return;
    const heads = await readFeedHeads(live.map(({ ownerId }) => ownerId));
    for (const feed of live) {
      const head = heads.get(feed.ownerId) ?? 0;
      if (head <= feed.seq) continue;
      counters.gaps += 1;
      void feed.fill(head);
    }
  }, onError);

  const givePositions = single(async () => {
    const waiting = [...feeds.values()].filter((feed) => feed.hasQueuedJobs());
    if (readWaits === undefined || waiting.length === 0) return;
    const waits = await readWaits(waiting.map(({ ownerId }) => ownerId));
    for (const feed of waiting) feed.position(waits);
  }, onError);

  const stopChecking = keepChecking(check, { subscriber, checkIntervalMs });
  const positioning = setInterval(() => void givePositions(), positionIntervalMs).unref();
  const stopListening = subscriber.onReconnect(() => void check());

  const feedOf = (ownerId: string): OwnerFeed => {
    const known = feeds.get(ownerId);
    if (known !== undefined) return known;
    const feed = new OwnerFeed({ ownerId, subscriber, reader, coalesceMs, counters, onBroadcast: options.onBroadcast });
    feeds.set(ownerId, feed);
    return feed;
  };

  /** A feed lives as long as somebody listens. */
  const leave = (feed: OwnerFeed) => {
    if (feed.listeners.size > 0) return;
    feed.close();
    feeds.delete(feed.ownerId);
  };

  const host: SubscriptionHost = {
    reader,
    counters,
    onClose: (subscription) => {
      subscriptions.delete(subscription);
      subscription.feeds.forEach(leave);
    },
  };

  return {
    attach: ({ ownerIds, cursor, jobId, bufferLimit = 256, knownJobs = [] }) => {
      const watched = [...new Set(ownerIds)].map(feedOf);
      const [only, ...others] = watched;
      if (only !== undefined && others.length === 0 && knownJobs.length > 0) {
        void only.seed(cursor[only.ownerId] ?? 0, knownJobs);
      }
      const subscription = new Subscription(host, { feeds: watched, cursor, jobId, bufferLimit });
      subscriptions.add(subscription);
      if (isClosed) subscription.close();
      return subscription;
    },
    stats: () => {
      let buffered = 0;
      for (const subscription of subscriptions) buffered += subscription.buffered();
      return { owners: feeds.size, subscriptions: subscriptions.size, reads: reader.reads(), buffered, ...counters };
    },
    followedJobs: () => new Set([...subscriptions].flatMap(({ jobId }) => jobId ?? [])),
    close: () => {
      isClosed = true;
      stopChecking();
      clearInterval(positioning);
      stopListening();
      for (const subscription of subscriptions) subscription.close();
      reader.close();
    },
  };
}

/** Checks every `checkIntervalMs`, and at least once a second while Redis tells us nothing. Returns what ends it. */
function keepChecking(
  check: () => Promise<void>,
  { subscriber, checkIntervalMs }: { readonly subscriber: Subscriber; readonly checkIntervalMs: number },
): () => void {
  let checkedAt = performance.now();
  const tick = () => {
    const isDue = performance.now() - checkedAt >= checkIntervalMs;
    if (!isDue && subscriber.isReady()) return;
    checkedAt = performance.now();
    void check();
  };
  const checking = setInterval(tick, Math.min(DOWN_CHECK_INTERVAL_MS, checkIntervalMs)).unref();
  return () => clearInterval(checking);
}

/** Runs a task once at a time; asked for while it runs, it runs once more. Its failures go to `onError`. */
function single(task: () => Promise<void>, onError: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await task().catch(onError);
    } while (again);
    running = null;
  };
  return () => {
    if (running !== null) again = true;
    else running = run();
    return running ?? Promise.resolve();
  };
}
