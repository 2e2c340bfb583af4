import { type InputValues, newId, sleep } from "@darkroom/contracts";
import type { ApiClient } from "../client.ts";
import { createExternalStore, type ExternalStore } from "../external-store.ts";
import { type Refusal, toRefusal } from "../refusal.ts";
import type { Feed } from "./feed.ts";
import { type FeedState, withJobs } from "./feed-state.ts";
import { firstView, type WorkflowRef } from "./submit.ts";

/** A job that is to be sent. */
export interface Wanted {
  readonly inputs: InputValues;
  /** The ended job that it repeats, in whose place it is shown. */
  readonly retryOf?: string;
}

/** A batch of which this tab still has jobs to send. */
export interface Outgoing {
  readonly batchId: string;
  readonly workflow: WorkflowRef;
  /** What is not sent yet, in its order. */
  readonly unsent: readonly Wanted[];
  /** Why the last part was refused; null while nothing is wrong. */
  readonly refusal: Refusal | null;
  /** True: it goes on only when somebody asks. False after a refusal: it goes on by itself. */
  readonly isStopped: boolean;
}

/** Sends batches that are larger than what may wait at once: a part now, the rest as room appears, while the tab is open. */
export interface BatchSender {
  readonly store: ExternalStore<readonly Outgoing[]>;
  /** Adds jobs to a batch, a new one unless `batchId` says which. Answers at once with its id. */
  add(workflow: WorkflowRef, jobs: readonly Wanted[], batchId?: string): string;
  /** Goes on with a batch that was stopped by a refusal. */
  resume(batchId: string): void;
  /** Gives up what is not sent. */
  drop(batchId: string): void;
}

/**
 * How many of `unsent` jobs to send now. Each part counts as a submit of the minute, so that a part waits until a quarter
 * of the room is free, unless fewer are left.
 */
export function partSize(unsent: number, { waiting, maxWaiting }: { waiting: number; maxWaiting: number }): number {
  const room = Math.max(0, maxWaiting - waiting);
  const least = Math.min(unsent, Math.ceil(maxWaiting / 4));
  return room < least ? 0 : Math.min(unsent, room);
}

/** How many of one's jobs wait, of those that this tab knows. */
export function waitingIn({ jobs }: FeedState): number {
  return [...jobs.values()].filter(({ state }) => state === "queued").length;
}

/** How long to wait before a part is sent again that was refused; null: it would be refused again. */
function retryMs({ isTemporary, code, retryAfterSeconds }: Refusal): number | null {
  if (code === "UNREACHABLE" || isTemporary) return 5000;
  return retryAfterSeconds === null ? null : Math.max(1, retryAfterSeconds) * 1000;
}

/** What is repeated is repeated as it was: in its version. */
function asked({ slug, version }: WorkflowRef, { inputs, retryOf }: Wanted) {
  return { workflow: slug, inputs: { ...inputs }, ...(retryOf !== undefined && { retryOf, version }) };
}

interface SenderOptions {
  readonly client: ApiClient;
  readonly feed: Feed;
  readonly maxWaiting: number;
}

export function createBatchSender({ client, feed, maxWaiting }: SenderOptions): BatchSender {
  const store = createExternalStore<readonly Outgoing[]>([]);
  let isAtWork = false;
  /** Ends the present pause: something changed that may let the next part go. */
  let wake = (): void => {};
  feed.store.subscribe(() => wake());

  const change = (batchId: string, changes: Partial<Outgoing>): void => {
    store.update((batches) =>
      batches
        .map((batch) => (batch.batchId === batchId ? { ...batch, ...changes } : batch))
        .filter(({ unsent }) => unsent.length > 0),
    );
  };

  /** One request. Whoever repeats it gives the same key, so that a lost answer makes no second part. */
  async function sendPart({ batchId, workflow, unsent }: Outgoing, size: number, key: string): Promise<void> {
    const part = unsent.slice(0, size);
    const items = part.map((wanted) => asked(workflow, wanted));
    await feed.holdUnknown(async () => {
      const { jobs } = await client.job.submitBatch.mutate({ items, batchId, idempotencyKey: key });
      const waits = { position: null, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
      const views = jobs.map(({ jobId, state }, nth) => ({
        ...firstView({ workflow, inputs: part[nth]?.inputs ?? {} }, jobId, { jobId, state, remaining: null, ...waits }),
        batchId,
        retryOf: part[nth]?.retryOf ?? null,
      }));
      feed.store.update((state) => withJobs(state, views));
      const now = store.get().find((batch) => batch.batchId === batchId);
      change(batchId, { unsent: now?.unsent.slice(size) ?? [], refusal: null });
    });
    // What the answer does not say: seeds that were drawn, places in the queue.
    void client.job.list
      .query({ batchId, limit: 100 })
      .then(({ items: views }) =>
        feed.store.update((state) => withJobs(state, views as Parameters<typeof withJobs>[1])),
      )
      .catch(() => undefined);
  }

  /** Sends one part, again and again while no answer comes. A refusal is told, and waited out if that helps. */
  async function send(batch: Outgoing, size: number): Promise<void> {
    const { batchId } = batch;
    const key = newId();
    while (store.get().some((one) => one.batchId === batchId)) {
      try {
        return await sendPart(batch, size, key);
      } catch (error) {
        const refusal = toRefusal(error);
        const ms = retryMs(refusal);
        change(batchId, { refusal, isStopped: ms === null });
        if (ms !== null) await sleep(ms);
        // Nothing of what was refused is stored: the next part may be of another size.
        if (refusal.code !== "UNREACHABLE" && !refusal.isTemporary) return;
      }
    }
  }

  async function work(): Promise<void> {
    if (isAtWork) return;
    isAtWork = true;
    window.addEventListener("beforeunload", warn);
    const nextOf = () => store.get().find(({ isStopped }) => !isStopped);
    for (let next = nextOf(); next !== undefined; next = nextOf()) {
      const size = partSize(next.unsent.length, { waiting: waitingIn(feed.store.get()), maxWaiting });
      if (size > 0) await send(next, size);
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    window.removeEventListener("beforeunload", warn);
    isAtWork = false;
  }

  return {
    store,
    add(workflow, jobs, batchId = newId()) {
      store.update((batches) => {
        const held = batches.find((batch) => batch.batchId === batchId);
        const next = { batchId, workflow, refusal: null, isStopped: false, unsent: [...(held?.unsent ?? []), ...jobs] };
        return [...batches.filter((batch) => batch !== held), next];
      });
      wake();
      void work();
      return batchId;
    },
    resume(batchId) {
      change(batchId, { refusal: null, isStopped: false });
      void work();
    },
    drop(batchId) {
      change(batchId, { unsent: [] });
      wake();
    },
  };
}

/** What is not sent is in this tab only. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

const senders = new WeakMap<Feed, BatchSender>();

/** The tab's one sender, made with the first batch. */
export function senderOf(options: SenderOptions): BatchSender {
  const known = senders.get(options.feed);
  if (known !== undefined) return known;
  const sender = createBatchSender(options);
  senders.set(options.feed, sender);
  return sender;
}
