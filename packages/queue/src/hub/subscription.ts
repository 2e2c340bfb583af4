import type { FeedEvent, OwnedEvent } from "@darkroom/contracts";
import type { Cursor } from "./cursor.ts";
import type { Delivery } from "./delivery.ts";
import type { FeedReader } from "./feed-reader.ts";
import type { KnownJob } from "./job-table.ts";
import type { FeedBatch, FeedListener, OwnerFeed } from "./owner-feed.ts";
import { isOutdatedBy, type Passing, transientKey } from "./transients.ts";

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
}

/** Takes what a subscription delivers, in the turn in which the feed has it. */
export interface Sink {
  /** Takes one delivery, which others may be given too. False: there is no room for another until `pushTo` is called again. */
  deliver(delivery: Delivery): boolean;
  /** The subscription was closed; nothing follows. */
  end(): void;
}

/** What `attach` answers. `close()`, `return()` or `break` ends it, also while it waits. */
export interface Attachment extends AsyncIterableIterator<Delivery, undefined> {
  /**
   * False if the cursor names what is not kept any more or has not happened yet: then give out a snapshot and attach with
   * its cursor. Waits for Postgres as long as it takes.
   */
  isResumable(): Promise<boolean>;
  /** Delivers to `sink` until it has no room. It spares a thousand readers of one feed the promises that `next()` takes. */
  pushTo(sink: Sink): void;
  close(): void;
}

/** What all subscriptions of a hub have in common. */
export interface SubscriptionHost {
  readonly reader: FeedReader;
  readonly counters: { overflows: number };
  readonly onClose: (subscription: Subscription) => void;
}

export interface SubscriptionOptions {
  readonly feeds: readonly OwnerFeed[];
  readonly cursor: Cursor;
  readonly jobId: string | undefined;
  readonly bufferLimit: number;
}

/** Where a subscription stands in one owner's feed. */
interface Place {
  readonly feed: OwnerFeed;
  /** The last event in the buffer or before it. */
  seq: number;
  /** The last event that the reader was given: where it goes on when the buffer is dropped. */
  givenSeq: number;
  /** True: it follows the feed. False: it is behind, and reads from Postgres when the reader asks. */
  isLive: boolean;
}

/**
 * One reader of some owners' feeds. It holds a bounded buffer, not a queue: a reader that lags too far is put behind
 * and reads on from its own cursor. Written by hand, because a generator that waits cannot be ended from outside, and
 * `events.on` buffers without bound.
 */
export class Subscription implements Attachment, FeedListener {
  /** The job that it follows alone; undefined: all of its owners'. */
  readonly jobId: string | undefined;
  readonly #host: SubscriptionHost;
  readonly #bufferLimit: number;
  readonly #places: readonly Place[];
  /** The one place of a reader that is given all of one feed, as most are: they take a batch as it is. */
  readonly #only: Place | null;
  #durable: FeedEvent[] = [];
  /** Made for the first that waits: nearly all readers have room, and there are thousands of them. */
  #transient: Map<string, Passing> | null = null;
  #sink: Sink | null = null;
  /** The sink takes another delivery. While it is true and nothing is read from Postgres, nothing waits in the buffer. */
  #hasRoom = false;
  #isCatchingUp = false;
  #isClosed = false;
  #onClosed: (() => void) | null = null;
  /** Raised when the buffer is dropped: what was read for it before is void. */
  #generation = 0;
  #last: Promise<unknown> | null = null;

  constructor(host: SubscriptionHost, { feeds, cursor, jobId, bufferLimit }: SubscriptionOptions) {
    this.#host = host;
    this.jobId = jobId;
    this.#bufferLimit = bufferLimit;
    this.#places = feeds.map((feed) => {
      const seq = cursor[feed.ownerId] ?? 0;
      return { feed, seq, givenSeq: seq, isLive: false };
    });
    this.#only = jobId === undefined && this.#places.length === 1 ? (this.#places[0] ?? null) : null;
    for (const feed of feeds) feed.listeners.add(this);
  }

  get feeds(): readonly OwnerFeed[] {
    return this.#places.map(({ feed }) => feed);
  }

  /** Events that wait for the reader. */
  buffered(): number {
    return this.#durable.length + (this.#transient?.size ?? 0);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next delivery. Calls made before the last one was answered are answered in order. */
  next(): Promise<IteratorResult<Delivery, undefined>> {
    const pull = () =>
      new Promise<IteratorResult<Delivery, undefined>>((resolve) => {
        this.pushTo({
          deliver: (value) => {
            resolve({ done: false, value });
            return false;
          },
          end: () => resolve({ done: true, value: undefined }),
        });
      });
    const result = this.#last === null ? pull() : this.#last.then(pull);
    this.#last = result;
    return result;
  }

  async return(): Promise<IteratorResult<Delivery, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Delivery, undefined>> {
    this.close();
    throw error;
  }

  pushTo(sink: Sink): void {
    if (this.#isClosed) {
      sink.end();
      return;
    }
    this.#sink = sink;
    this.#hasRoom = true;
    this.#pump();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#hasRoom = false;
    this.#durable = [];
    this.#transient = null;
    for (const { feed } of this.#places) feed.listeners.delete(this);
    this.#sink?.end();
    this.#sink = null;
    this.#onClosed?.();
    this.#host.onClose(this);
  }

  async isResumable(): Promise<boolean> {
    const closed = new Promise<true>((resolve) => {
      this.#onClosed = () => resolve(true);
    });
    const answers = Promise.all(this.#places.map((place) => this.#isKept(place.feed, place.givenSeq)));
    return Promise.race([answers.then((kept) => kept.every(Boolean)), closed]);
  }

  take(batch: FeedBatch): boolean {
    const only = this.#only;
    if (only?.isLive && only.seq === batch.from && this.#hasRoom && !this.#isCatchingUp) {
      only.seq = batch.to;
      only.givenSeq = batch.to;
      this.#hand(batch.delivery);
      return true;
    }
    const place = this.#places.find(({ feed }) => feed === batch.feed);
    if (!place?.isLive) return false;
    for (const owned of batch.durable) this.#append(place, owned);
    for (const event of batch.transient) this.#keep(event);
    if (this.#durable.length > this.#bufferLimit) this.#fallBehind();
    this.#pump();
    return this.#isEmpty();
  }

  /** Hands over what is there while there is room, and reads first what was missed. */
  #pump(): void {
    while (this.#hasRoom && !this.#isCatchingUp) {
      if (this.#isBehind()) {
        void this.#goOn();
        return;
      }
      if (this.#isEmpty()) return;
      this.#hand(this.#takeBuffer());
    }
  }

  async #goOn(): Promise<void> {
    this.#isCatchingUp = true;
    await this.#catchUp();
    this.#isCatchingUp = false;
    if (this.#hasRoom && !this.#isEmpty()) this.#hand(this.#takeBuffer());
    this.#pump();
  }

  #hand(delivery: Delivery): void {
    this.#hasRoom = false;
    // The sink may call `pushTo` again before it answers.
    if (this.#sink?.deliver(delivery)) this.#hasRoom = true;
  }

  /** True if every event after `seq` can still be had, and `seq` has happened. */
  async #isKept(feed: OwnerFeed, seq: number): Promise<boolean> {
    await feed.started;
    // Another process may have delivered what this one has not heard of yet.
    if (seq > feed.seq) await feed.fill();
    if (seq >= feed.seq) return seq === feed.seq;
    if (feed.since(seq) !== null) return true;
    const page = await this.#host.reader.page(feed.ownerId, seq);
    return page.events[0]?.ownerSeq === seq + 1;
  }

  #isEmpty(): boolean {
    return this.buffered() === 0;
  }

  #takeBuffer(): Delivery {
    const events = [...this.#durable, ...(this.#transient?.values() ?? [])];
    this.#durable = [];
    this.#transient = null;
    const cursor: Record<string, number> = {};
    for (const place of this.#places) {
      place.givenSeq = place.seq;
      cursor[place.feed.ownerId] = place.seq;
    }
    return { cursor, events };
  }

  #append(place: Place, owned: OwnedEvent): void {
    if (owned.ownerSeq <= place.seq) return;
    place.seq = owned.ownerSeq;
    const { event } = owned;
    const { jobId } = this;
    if (jobId !== undefined && (!("jobId" in event) || event.jobId !== jobId)) return;
    for (const [key, transient] of this.#transient ?? [])
      if (isOutdatedBy(transient, owned)) this.#transient?.delete(key);
    this.#durable.push(event);
  }

  #keep(event: Passing): void {
    const { jobId } = this;
    if (jobId !== undefined && (!("jobId" in event) || jobId !== event.jobId)) return;
    this.#transient ??= new Map();
    this.#transient.set(transientKey(event), event);
  }

  #isBehind(): boolean {
    return this.#places.some(({ isLive }) => !isLive);
  }

  #fallBehind(): void {
    this.#host.counters.overflows += 1;
    this.#generation += 1;
    this.#durable = [];
    this.#transient = null;
    for (const place of this.#places) {
      place.seq = place.givenSeq;
      place.isLive = false;
    }
  }

  /** Reads until there is something to deliver, or every place is live. */
  async #catchUp(): Promise<void> {
    for (const place of this.#places) {
      const { feed } = place;
      await feed.started;
      while (!place.isLive && !this.#isClosed) {
        // This reader knows what the feed has not reached, from a page below or from another process. It must not go live
        // before the feed is there: the feed's transients may be of jobs whose end this reader was already given.
        if (place.seq > feed.seq) await feed.fill();
        const recent = feed.since(place.seq);
        if (recent !== null) {
          for (const owned of recent) this.#append(place, owned);
          place.isLive = true;
          for (const event of feed.lastTransients()) this.#keep(event);
          break;
        }
        const generation = this.#generation;
        // Read before Postgres is: what the feed has reached, the page will cover.
        const reached = feed.seq;
        const page = await this.#host.reader.page(feed.ownerId, place.seq);
        if (this.#generation !== generation) return;
        for (const owned of page.events) this.#append(place, owned);
        if (page.isComplete) place.seq = Math.max(place.seq, reached);
        // One page at a time, at the reader's pace.
        if (this.#durable.length > 0) return;
      }
    }
  }
}
