import type { OwnedEvent, Wait } from "@darkroom/contracts";
import type { Release } from "../pubsub/channels.ts";
import type { Subscriber } from "../pubsub/subscriber.ts";
import type { Delivery } from "./delivery.ts";
import type { FeedReader } from "./feed-reader.ts";
import { JobTable, type KnownJob } from "./job-table.ts";
import { isOutdatedBy, isSameWait, type Passing, positioned, transientKey } from "./transients.ts";

/** Events kept for readers that come a little later; older ones are in Postgres. */
const MAX_RECENT = 128;
/** Events kept that arrived before the ones in front of them. Beyond it they are read again from Postgres. */
const MAX_AHEAD = 1000;

/** What goes out of a feed in one turn. */
export interface FeedBatch {
  readonly feed: OwnerFeed;
  /** The last durable event before it, and the last one that is in it or before it. */
  readonly from: number;
  readonly to: number;
  readonly durable: readonly OwnedEvent[];
  readonly transient: readonly Passing[];
  /** The same as one object, for every listener that has just what was before it: what is made of it is made once for all. */
  readonly delivery: Delivery;
}

/** Who gets an owner's events. */
export interface FeedListener {
  /** False: what is in it waits, until the reader has room for it. */
  take(batch: FeedBatch): boolean;
}

/** Told of each batch of durable events: how many watch the owner, and how many of them were given it at once. */
export type OnBroadcast = (
  events: readonly OwnedEvent[],
  to: { readonly readers: number; readonly reached: number },
) => void;

export interface FeedOptions {
  readonly ownerId: string;
  readonly subscriber: Subscriber;
  readonly reader: FeedReader;
  /** After transient events went out, those that follow wait this long, and only the latest of each job and type is kept. */
  readonly coalesceMs: number;
  readonly counters: { gaps: number; staleTransients: number };
  readonly onBroadcast?: OnBroadcast | undefined;
}

/**
 * One owner's live feed, shared by everyone in this process who watches it. Durable events go out contiguously by
 * `ownerSeq`: what arrives early waits, what is missing is read from Postgres. A transient event goes out at once if none
 * went out shortly before, else with the others that follow it, the latest of each job and type; and never before or after
 * the durable events that it belongs between.
 */
export class OwnerFeed {
  readonly ownerId: string;
  /** Resolves when the feed is live. */
  readonly started: Promise<void>;
  readonly listeners = new Set<FeedListener>();
  readonly #options: FeedOptions;
  readonly #jobs = new JobTable();
  readonly #ahead = new Map<number, OwnedEvent>();
  readonly #held = new Map<string, Passing>();
  /** Transients that wait for `#pause` to end. */
  #pending = new Map<string, Passing>();
  /** Transients that went out last, while `#pause` runs. */
  #sent = new Map<string, Passing>();
  /** Runs while transients went out less than `coalesceMs` ago. A feed of its own pace: another's rush must not delay it. */
  #pause: NodeJS.Timeout | null = null;
  /** Durable events that go out at the end of this turn: what arrives together goes out as one batch. */
  #outgoing: OwnedEvent[] = [];
  #isGoingOut = false;
  /** The last event of the last batch. */
  #outSeq = 0;
  /** Jobs to look up in Postgres with the next read. */
  readonly #wanted = new Set<string>();
  #recent: OwnedEvent[] = [];
  #seq = 0;
  #isStarted = false;
  #isClosed = false;
  #filling: Promise<void> | null = null;
  #fillAgain = false;
  #release: Release = () => undefined;

  constructor(options: FeedOptions) {
    this.ownerId = options.ownerId;
    this.#options = options;
    this.started = this.#start();
  }

  /** The last event that went out. */
  get seq(): number {
    return this.#seq;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** The events after `seq` if they are still at hand, else null. */
  since(seq: number): readonly OwnedEvent[] | null {
    if (seq >= this.#seq) return [];
    const first = this.#recent[0];
    if (first === undefined || first.ownerSeq > seq + 1) return null;
    return this.#recent.filter(({ ownerSeq }) => ownerSeq > seq);
  }

  /** Jobs that somebody saw in a snapshot together with the cursor `seq`. */
  async seed(seq: number, jobs: readonly KnownJob[]): Promise<void> {
    await this.started;
    // Else a transient of a seeded job could overtake the durable event that a slower reader still waits for.
    if (seq > this.#seq) await this.fill();
    if (this.since(seq) !== null) {
      for (const job of jobs) this.#jobs.seed(job);
      return;
    }
    // The table has forgotten some of what happened since the snapshot: a job of it may have ended.
    for (const { jobId } of jobs) this.#wanted.add(jobId);
    await this.fill();
  }

  /** Reads what Postgres has beyond the last event. `head`: what it is known to have at least. */
  fill(head = 0): Promise<void> {
    if (this.#filling !== null) {
      this.#fillAgain = true;
      return this.#filling;
    }
    this.#filling = this.#fill(head);
    return this.#filling;
  }

  hasQueuedJobs(): boolean {
    return this.#jobs.hasQueued();
  }

  /** Sends out the waits that changed. */
  position(waits: ReadonlyMap<string, Wait>): void {
    const changed: Passing[] = [];
    for (const [jobId, row] of this.#jobs.queued()) {
      const wait = waits.get(jobId);
      if (wait === undefined || isSameWait(wait, row.wait)) continue;
      row.wait = wait;
      changed.push(positioned(jobId, row, wait));
    }
    this.#send(changed);
  }

  /** For a listener that comes later: the positions as last sent out, and what it has only just missed. */
  *lastTransients(): Iterable<Passing> {
    for (const [jobId, row] of this.#jobs.queued()) {
      if (row.wait !== null) yield positioned(jobId, row, row.wait);
    }
    yield* this.#sent.values();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#release();
  }

  async #start(): Promise<void> {
    const { ownerId, subscriber, reader } = this.#options;
    const { acknowledged, release } = subscriber.watchOwner(ownerId, {
      durable: (owned) => this.#onDurable(owned),
      transient: ({ event }) => this.#onTransient(event),
    });
    this.#release = release;
    await acknowledged;
    const { head, events } = await reader.tail(ownerId);
    if (this.#isClosed) return;
    for (const owned of events) this.#accept(owned);
    this.#seq = head;
    this.#isStarted = true;
    this.#goOn();
    // Something arrived that the read did not cover, or a transient that only a read can judge.
    if (this.#ahead.size > 0 || this.#held.size > 0) void this.fill();
  }

  #onDurable(owned: OwnedEvent): void {
    if (this.#isClosed || owned.ownerSeq <= this.#seq) return;
    if (this.#isStarted && owned.ownerSeq === this.#seq + 1) {
      this.#accept(owned);
      this.#goOn();
      return;
    }
    if (this.#ahead.size < MAX_AHEAD) this.#ahead.set(owned.ownerSeq, owned);
    if (!this.#isStarted) return;
    this.#options.counters.gaps += 1;
    void this.fill();
  }

  #onTransient(event: Passing): void {
    if (this.#isClosed) return;
    const verdict = this.#isStarted ? this.#jobs.judge(event) : "ahead";
    if (verdict === "ahead") {
      this.#held.set(transientKey(event), event);
      if (this.#isStarted) void this.fill();
      return;
    }
    // It replaces an older one that still waits for a read; else that one would come out after it.
    if (verdict === "fresh") this.#held.delete(transientKey(event));
    this.#settle(event, verdict);
  }

  #settle(event: Passing, verdict: "fresh" | "stale"): void {
    if (verdict === "stale") {
      this.#options.counters.staleTransients += 1;
      return;
    }
    this.#pending.set(transientKey(event), event);
    if (this.#pause === null) this.#goOutSoon();
  }

  #goOutSoon(): void {
    if (this.#isGoingOut) return;
    this.#isGoingOut = true;
    queueMicrotask(() => {
      this.#isGoingOut = false;
      this.#send(this.#pause === null ? this.#takePending() : []);
    });
  }

  /** The transients that wait; what follows is held back for a while. */
  #takePending(): readonly Passing[] {
    if (this.#pending.size === 0 || this.#isClosed) return [];
    this.#sent = this.#pending;
    this.#pending = new Map();
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#sent.clear();
      this.#send(this.#takePending());
    }, this.#options.coalesceMs);
    return [...this.#sent.values()];
  }

  /** Sends out the durable events of this turn, then these transient ones. */
  #send(transient: readonly Passing[]): void {
    const durable = this.#outgoing;
    if (durable.length + transient.length === 0) return;
    this.#outgoing = [];
    const from = this.#outSeq;
    const to = this.#seq;
    this.#outSeq = to;
    const events = [...durable.map(({ event }) => event), ...transient];
    const delivery = { cursor: { [this.ownerId]: to }, events };
    const batch: FeedBatch = { feed: this, from, to, durable, transient, delivery };
    const readers = this.listeners.size;
    let reached = 0;
    for (const listener of this.listeners) if (listener.take(batch)) reached += 1;
    if (durable.length > 0) this.#options.onBroadcast?.(durable, { readers, reached });
  }

  async #fill(head: number): Promise<void> {
    do {
      this.#fillAgain = false;
      const ahead = [...this.#ahead.keys()];
      const held = [...this.#held];
      // Looked up before the feed is read, so that the feed has every event of what was seen.
      const found = await this.#lookUp([
        ...this.#wanted,
        ...held.flatMap(([, event]) => ("jobId" in event ? event.jobId : [])),
      ]);
      await this.#readOn();
      if (this.#isClosed) return;
      for (const job of found) this.#jobs.seed(job);
      this.#seq = Math.max(this.#seq, head);
      this.#goOn();
      // An event is published after its commit. What Postgres does not have now never happened.
      for (const seq of ahead) this.#ahead.delete(seq);
      for (const [key, event] of held) {
        if (this.#held.get(key) !== event) continue;
        this.#held.delete(key);
        this.#settle(event, this.#jobs.judge(event) === "fresh" ? "fresh" : "stale");
      }
    } while (this.#fillAgain || this.#ahead.size > 0 || this.#held.size > 0);
    // In the same turn as the condition above: whoever asks from now on begins the next read.
    this.#filling = null;
  }

  /** Where those of these jobs stand that the table does not know. */
  async #lookUp(jobIds: readonly string[]): Promise<readonly KnownJob[]> {
    this.#wanted.clear();
    const unknown = jobIds.filter((jobId) => !this.#jobs.has(jobId));
    return unknown.length === 0 ? [] : this.#options.reader.jobs(unknown);
  }

  /** Everything Postgres has beyond the last event. It is the truth: a jump in it is retention, not a gap. */
  async #readOn(): Promise<void> {
    for (;;) {
      const page = await this.#options.reader.page(this.ownerId, this.#seq);
      if (this.#isClosed) return;
      for (const owned of page.events) if (owned.ownerSeq > this.#seq) this.#accept(owned);
      if (page.isComplete) return;
    }
  }

  /** Sends out what waited for the events in front of it. */
  #goOn(): void {
    for (let next = this.#ahead.get(this.#seq + 1); next !== undefined; next = this.#ahead.get(this.#seq + 1)) {
      this.#accept(next);
    }
    for (const seq of this.#ahead.keys()) if (seq <= this.#seq) this.#ahead.delete(seq);
  }

  #accept(owned: OwnedEvent): void {
    this.#seq = owned.ownerSeq;
    this.#recent.push(owned);
    if (this.#recent.length > 2 * MAX_RECENT) this.#recent = this.#recent.slice(-MAX_RECENT);
    this.#jobs.apply(owned.event);
    for (const waiting of [this.#pending, this.#sent]) {
      for (const [key, event] of waiting) if (isOutdatedBy(event, owned)) waiting.delete(key);
    }
    this.#outgoing.push(owned);
    this.#goOutSoon();
  }
}
