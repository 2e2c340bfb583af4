import type { JobEvent, JobState, OwnedEvent } from "@darkroom/contracts";
import type { Cursor } from "./cursor.ts";
import type { Subscriber } from "./subscriber.ts";

/** Reads durable events after each owner's `afterSeq`, each owner's in order; at most `limit` in all. */
export type ReadFeed = (query: {
  readonly cursors: readonly { readonly ownerId: string; readonly afterSeq: number }[];
  readonly limit: number;
}) => Promise<readonly OwnedEvent[]>;

/** The last `ownerSeq` of each owner; owners without events may be absent. */
export type ReadFeedHeads = (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

export interface HubOptions {
  readonly subscriber: Subscriber;
  readonly readFeed: ReadFeed;
  readonly readFeedHeads: ReadFeedHeads;
  /** Job → position of the owners' waiting jobs; may reject while Redis is down. Left out: no `job.positioned`. */
  readonly positions?: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** How often the watched feeds are compared with Postgres; at least once a second while Redis is down. Default 5000. */
  readonly checkIntervalMs?: number;
  /** Transient events of one job and type are delivered at most once in this time, latest wins. Default 100. */
  readonly coalesceMs?: number;
  /** How often positions are computed. Default 1000. */
  readonly positionIntervalMs?: number;
  /** Failures to read; the hub retries by itself. */
  readonly onError?: (error: unknown) => void;
}

/** A job as the caller last saw it, so that its transient events can be judged from the start. A `JobView` fits. */
export interface KnownJob {
  readonly jobId: string;
  readonly version: number;
  readonly attempt: number;
  readonly state: JobState;
}

export interface AttachRequest {
  readonly ownerIds: readonly string[];
  /** Where to begin: events after it are delivered. An owner it lacks begins at 0. */
  readonly cursor: Cursor;
  /** Only this job's events; the cursor still moves with the whole feed. */
  readonly jobId?: string;
  /** Durable events kept for a reader that lags; beyond it they are dropped and read again. Default 256. */
  readonly bufferLimit?: number;
  /** Jobs of the snapshot that the caller gave out together with `cursor`. Used only when there is one owner. */
  readonly knownJobs?: readonly KnownJob[];
  /** Ends the iteration, also one that waits. */
  readonly signal?: AbortSignal;
}

export interface Delivery {
  /** Everything up to here was delivered; give it to `attach` to go on. */
  readonly cursor: Cursor;
  /** Never empty; durable events in order, then transient ones. */
  readonly events: readonly JobEvent[];
}

export interface HubStats {
  readonly owners: number;
  readonly subscriptions: number;
  /** Durable events that arrived out of order or too late, so that Postgres was read. */
  readonly gaps: number;
  readonly reads: number;
  readonly staleTransients: number;
  readonly overflows: number;
}

/** Delivers events to everyone in this process who watches; one per process. */
export interface Hub {
  /** Begins at once, before the first `next()`. `return()`, `break` or the signal ends it. */
  attach(request: AttachRequest): AsyncIterableIterator<Delivery, undefined>;
  stats(): HubStats;
  /** Ends every iteration and every timer. */
  close(): void;
}

export declare function createHub(options: HubOptions): Hub;
