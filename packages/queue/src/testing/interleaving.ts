import {
  type DurableEvent,
  isDurable,
  isTerminal,
  type OwnedEvent,
  type OwnedTransient,
  stateAfter,
} from "@darkroom/contracts";
import fc from "fast-check";
import { expect, vi } from "vitest";
import type { Delivery } from "../hub/delivery.ts";
import { createHub, type Hub } from "../hub/hub.ts";
import type { KnownJob } from "../hub/job-table.ts";
import type { Attachment } from "../hub/subscription.ts";
import type { OwnerListener, Subscriber } from "../pubsub/subscriber.ts";
import { durable, progressed } from "./events.ts";
import { createFeeds } from "./feeds.ts";

const OWNERS = ["A", "B"];
const READERS = [["A"], ["A"], ["B"], ["A", "B"]];

/** Something that happens next. `pick` chooses among what there is then. */
export type Step =
  /** A job of this owner changes in Postgres and the event is published; often many jobs at once, as a batch does. */
  | { readonly type: "commit"; readonly owner: number; readonly pick: number; readonly times: number }
  /** A worker publishes progress of what it knows, which may be long past. */
  | { readonly type: "progress"; readonly pick: number }
  /** One thing under way comes further: a message arrives, a query reads, its answer arrives. In any order. */
  | { readonly type: "arrive"; readonly pick: number }
  /** One message is lost. */
  | { readonly type: "lose"; readonly pick: number }
  | { readonly type: "reconnect" }
  | { readonly type: "wait"; readonly ms: number }
  /** A reader takes its next delivery. */
  | { readonly type: "take"; readonly reader: number }
  /** A reader goes and comes back: with its cursor, or to a snapshot. */
  | { readonly type: "resume" | "snapshot"; readonly reader: number };

const pick = fc.nat(999);
const reader = fc.nat(READERS.length - 1);

/** Steps in random order; what makes a run interesting comes oftenest. */
export const steps: fc.Arbitrary<Step[]> = fc.array<Step>(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant("commit" as const),
        owner: fc.nat(OWNERS.length - 1),
        pick,
        times: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(150) }),
      }),
    },
    { weight: 6, arbitrary: fc.record({ type: fc.constant("progress" as const), pick }) },
    { weight: 16, arbitrary: fc.record({ type: fc.constant("arrive" as const), pick }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("lose" as const), pick }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("reconnect" as const) }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant("wait" as const), ms: fc.nat(60) }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constant("take" as const), reader }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("resume" as const, "snapshot" as const), reader }) },
  ),
  { minLength: 20, maxLength: 400, size: "max" },
);

/** Taken before the clock is replaced. One real turn later, everything that a step has set going in promises is over. */
const realSetImmediate = setImmediate;
const settled = () => new Promise<void>((resolve) => realSetImmediate(resolve));

/** What is under way: each item, when it arrives, may put its next part here. */
interface Underway {
  readonly isMessage: boolean;
  readonly arrive: () => void;
}

/** A subscriber whose messages and acknowledgements arrive when the steps say so. */
function createScheduledSubscriber(underway: Underway[]) {
  const listeners = new Map(OWNERS.map((ownerId) => [ownerId, new Set<OwnerListener>()]));
  const reconnects = new Set<() => void>();
  let arrived = 0;
  const subscriber: Subscriber = {
    watchOwner: (ownerId, listener) => {
      const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
      // Until then messages pass this listener by.
      const arrive = () => {
        listeners.get(ownerId)?.add(listener);
        resolve();
      };
      underway.push({ isMessage: false, arrive });
      return { acknowledged, release: () => listeners.get(ownerId)?.delete(listener) };
    },
    onReconnect: (listener) => {
      reconnects.add(listener);
      return () => reconnects.delete(listener);
    },
    onWake: () => () => undefined,
    watchTopic: () => ({ acknowledged: Promise.resolve(), release: () => undefined }),
    onCancel: () => () => undefined,
    isReady: () => true,
    stats: () => ({ rejected: 0, channels: 0 }),
    close: () => undefined,
  };
  return {
    subscriber,
    publish: (message: OwnedEvent | OwnedTransient) => {
      const arrive = () => {
        arrived += 1;
        for (const listener of listeners.get(message.ownerId) ?? []) {
          if ("ownerSeq" in message) listener.durable(message);
          // What counts is the order in which they arrive, whatever it was when they were sent.
          else listener.transient({ ...message, event: { ...message.event, at: String(arrived) } });
        }
      };
      underway.push({ isMessage: true, arrive });
    },
    reconnect: () => {
      for (const listener of reconnects) listener();
    },
  };
}

/** What a worker knows of the attempt it has: what it says of it may be long past. */
interface Worker {
  readonly ownerId: string;
  readonly jobId: string;
  readonly version: number;
  readonly attempt: number;
}

interface Reader {
  readonly ownerIds: readonly string[];
  cursor: Record<string, number>;
  attachment: Attachment;
  /** Job → when the last progress of it that was delivered had arrived. */
  readonly progress: Map<string, number>;
  isWaiting: boolean;
}

/**
 * A hub in which nothing happens by itself: clock, messages, acknowledgements and reads move by the steps alone, so that
 * the same steps give the same interleaving every time. Every delivery is held against what was committed.
 */
class Interleaving {
  readonly #underway: Underway[] = [];
  readonly #feeds = createFeeds();
  readonly #redis = createScheduledSubscriber(this.#underway);
  readonly #committed = new Map(OWNERS.map((ownerId) => [ownerId, [] as DurableEvent[]]));
  readonly #open = new Map(OWNERS.map((ownerId) => [ownerId, [] as KnownJob[]]));
  readonly #workers: Worker[] = [];
  readonly #hub: Hub;
  readonly #readers: Reader[];
  #jobs = 0;
  /** The first promise that a delivery broke. */
  broken: unknown = null;

  constructor() {
    const { readFeed, readFeedHeads, readFeedTails, readJobs } = this.#feeds;
    this.#hub = createHub({
      subscriber: this.#redis.subscriber,
      readFeed: (query) => this.#read(() => readFeed(query)),
      readFeedHeads: (ownerIds) => this.#read(() => readFeedHeads(ownerIds)),
      readFeedTails: (ownerIds) => this.#read(() => readFeedTails(ownerIds)),
      readJobs: (jobIds) => this.#read(() => readJobs(jobIds)),
      checkIntervalMs: 200,
      coalesceMs: 5,
    });
    this.#readers = READERS.map((ownerIds) => {
      const cursor = Object.fromEntries(ownerIds.map((ownerId) => [ownerId, 0]));
      return {
        ownerIds,
        cursor,
        isWaiting: false,
        progress: new Map(),
        attachment: this.#hub.attach({ ownerIds, cursor, bufferLimit: 20 }),
      };
    });
  }

  step(step: Step): void {
    if (step.type === "commit") {
      for (let time = 0; time < step.times; time += 1) this.#commit(OWNERS[step.owner] ?? "A", step.pick + time);
    } else if (step.type === "progress") this.#progress(step.pick);
    else if (step.type === "arrive") this.#arrive(step.pick);
    else if (step.type === "lose") this.#lose(step.pick);
    else if (step.type === "reconnect") this.#redis.reconnect();
    else if (step.type === "wait") vi.advanceTimersByTime(step.ms);
    else {
      const one = this.#readers[step.reader];
      if (one === undefined) return;
      if (step.type === "take") this.#take(one);
      else if (step.type === "resume") this.#resume(one);
      else this.#snapshot(one);
    }
  }

  /** Lets everything arrive in order until every reader has all there is; false if that never comes. */
  async finish(): Promise<boolean> {
    for (let round = 0; round < 2000; round += 1) {
      const isDone = this.#readers.every(({ cursor }) =>
        Object.entries(cursor).every(([ownerId, seq]) => seq === this.#feeds.head(ownerId)),
      );
      if (isDone || this.broken !== null) return true;
      for (const one of this.#readers) this.#take(one);
      this.#arrive(0);
      await settled();
      if (this.#underway.length === 0) vi.advanceTimersByTime(20);
      await settled();
    }
    return false;
  }

  close(): void {
    this.#hub.close();
  }

  /** Reads when this arrives, and answers when that does. */
  #read<Answer>(query: () => Promise<Answer>): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const arrive = () => {
      const answer = query();
      this.#underway.push({ isMessage: false, arrive: () => resolve(answer) });
    };
    this.#underway.push({ isMessage: false, arrive });
    return promise;
  }

  #arrive(pick: number): void {
    const [item] = this.#underway.splice(pick % Math.max(1, this.#underway.length), 1);
    item?.arrive();
  }

  #lose(pick: number): void {
    const index = pick % Math.max(1, this.#underway.length);
    if (this.#underway[index]?.isMessage) this.#underway.splice(index, 1);
  }

  #commit(ownerId: string, pick: number): void {
    const open = this.#open.get(ownerId) ?? [];
    const index = pick % 5;
    const event = nextEvent(open[index], () => `${ownerId}${++this.#jobs}`, pick);
    this.#committed.get(ownerId)?.push(event);
    this.#redis.publish(this.#feeds.commit(ownerId, event));
    this.#open.set(ownerId, this.#feeds.openJobs(ownerId));
    if (event.type === "job.started") this.#workers.push({ ownerId, ...event });
  }

  #progress(pick: number): void {
    // Mostly of attempts of late, now and then of one that is long over.
    const among = pick % 10 === 0 ? this.#workers.length : Math.min(6, this.#workers.length);
    const worker = this.#workers.at(-1 - (pick % Math.max(1, among)));
    if (worker === undefined) return;
    const { ownerId, jobId, version, attempt } = worker;
    this.#redis.publish({ ownerId, event: progressed(jobId, version, attempt, pick % 100) });
  }

  #take(one: Reader): void {
    if (one.isWaiting) return;
    one.isWaiting = true;
    const { attachment } = one;
    void attachment.next().then(({ value }) => {
      if (one.attachment !== attachment) return;
      one.isWaiting = false;
      if (value !== undefined) this.#audit(one, value);
    });
  }

  #resume(one: Reader): void {
    void one.attachment.return?.();
    one.isWaiting = false;
    one.attachment = this.#hub.attach({ ownerIds: one.ownerIds, cursor: one.cursor, bufferLimit: 20 });
  }

  #snapshot(one: Reader): void {
    const [only = "A", ...others] = one.ownerIds;
    if (others.length > 0) return;
    void one.attachment.return?.();
    one.isWaiting = false;
    one.cursor = { [only]: this.#feeds.head(only) };
    const knownJobs = this.#open.get(only) ?? [];
    one.attachment = this.#hub.attach({ ownerIds: [only], cursor: one.cursor, knownJobs, bufferLimit: 20 });
  }

  #audit(one: Reader, { cursor, events }: Delivery): void {
    try {
      for (const ownerId of one.ownerIds) {
        const until = cursor[ownerId] ?? 0;
        const committed = this.#committed.get(ownerId) ?? [];
        const due = committed.slice(one.cursor[ownerId], until);
        const mine = events.filter((event) => "jobId" in event && event.jobId.startsWith(ownerId));
        expect(mine.filter(isDurable), `${ownerId} after ${one.cursor[ownerId]}`).toEqual(due);
        for (const event of mine) {
          if (event.type !== "job.progressed") continue;
          const last = committed.slice(0, until).findLast((past) => "jobId" in past && past.jobId === event.jobId);
          expect(last, `progress of ${event.jobId}, of which nothing was told`).toBeDefined();
          if (last === undefined || !("jobId" in last)) continue;
          const known = { type: last.type, version: last.version };
          expect(isTerminal(stateAfter(last) ?? "running"), `progress after the end of ${event.jobId}`).toBe(false);
          expect({ ...known, version: event.version }, `progress of ${event.jobId}`).toEqual(known);
          const before = one.progress.get(event.jobId) ?? 0;
          // The same one may come twice: a reader that goes live is given what went out just before.
          expect(Number(event.at), `an older progress of ${event.jobId} after a newer one`).toBeGreaterThanOrEqual(
            before,
          );
          one.progress.set(event.jobId, Number(event.at));
        }
      }
    } catch (error) {
      this.broken ??= error;
    }
    one.cursor = { ...cursor };
  }
}

/** What happens next to a job; without one, a new job. */
function nextEvent(job: KnownJob | undefined, newId: () => string, pick: number): DurableEvent {
  if (job === undefined) return durable.queued(newId());
  const { jobId, version, attempt, state } = job;
  if (state === "queued") return durable.started(jobId, version + 1, attempt + 1);
  return pick % 3 === 0 ? durable.retried(jobId, version + 1, attempt) : durable.succeeded(jobId, version + 1, attempt);
}

/** Plays the steps and then lets everything arrive. @throws what a reader was promised and did not get. */
export async function play(steps: readonly Step[]): Promise<void> {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
      "clearImmediate",
      "performance",
      "Date",
    ],
  });
  const world = new Interleaving();
  try {
    for (const step of steps) {
      world.step(step);
      await settled();
      // What was put off to the next turn of the event loop.
      vi.advanceTimersByTime(0);
      await settled();
    }
    const isWhole = await world.finish();
    if (world.broken !== null) throw world.broken;
    expect(isWhole, "every reader gets everything in the end").toBe(true);
  } finally {
    world.close();
    vi.useRealTimers();
  }
}
