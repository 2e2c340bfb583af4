import { newId } from "@darkroom/contracts";
import type { NewJob } from "@darkroom/db";
import { type Queue, type QueueEntry, QueueUnavailable } from "@darkroom/queue";
import { agree } from "./agree.ts";
import { InFlight, type Pause } from "./in-flight.ts";
import type { JobRow } from "./job-reference/tables.ts";
import { JobReference } from "./job-reference.ts";
import { QueueReference } from "./queue-reference.ts";
import type { Stores } from "./stores.ts";

export interface KnownAttempt {
  readonly jobId: string;
  readonly attempt: number;
  readonly workerId: string;
  readonly backendId: string;
}

/** Backends, by what they can run: `plain` everywhere, `rare` on the second only. */
export const backends = {
  b1: { concurrency: 2, catalog: { Plain: {} }, catalogHash: "catalog-1" },
  b2: { concurrency: 1, catalog: { Plain: {}, Rare: {} }, catalogHash: "catalog-2" },
} as const;
export type BackendId = keyof typeof backends;
export const backendIds = Object.keys(backends) as BackendId[];
export const workerIds = ["w1", "w2", "w3"];
export const isAble = (backendId: string, capabilityKey: string): boolean =>
  capabilityKey === "plain" || backendId === "b2";

/** One run: the real stores, what they should hold, and what the processes around them know and are about to do. */
export class World {
  readonly stores: Stores;
  reference = new JobReference();
  readonly queueReference = new QueueReference();
  readonly ownerIds = [newId(), newId(), newId()];
  /** Every attempt there ever was: those that lost their job go on writing. */
  readonly attempts: KnownAttempt[] = [];
  readonly slots: { backendId: BackendId; ordinal: number; workerId: string }[] = [];
  readonly promptIds: string[] = [];
  /** Jobs that left Redis and are not claimed yet. */
  hands: { entry: QueueEntry; backendId: BackendId }[] = [];
  inFlight: InFlight[] = [];
  /** What was done, a line each. */
  readonly trace: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Whether there is something to compare since the last time. */
  areJobsTouched = true;
  isQueueTouched = true;

  constructor(stores: Stores) {
    this.stores = stores;
    for (const [index, ownerId] of this.ownerIds.entries()) this.#names.set(ownerId, "ABC".charAt(index));
  }

  /** `A1` for the first job of owner A, `batch 1`, `prompt 1`. */
  name(id: string, kind: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#names.set(id, `${kind}${count}`);
  }

  /** A text with names in the place of ids. */
  readonly names = (text: string): string =>
    text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => this.#names.get(id) ?? id);

  job(pick: number): JobRow | undefined {
    const jobs = [...this.reference.jobs.values()];
    const open = jobs.filter((job) => this.reference.isOpen(job));
    return choose(pick % 4 > 0 && open.length > 0 ? open : jobs, pick >> 2);
  }

  /** An attempt, three times in four one that holds its job. */
  attempt(pick: number): KnownAttempt | undefined {
    const current = this.attempts.filter(({ jobId, attempt }) => {
      const job = this.reference.jobs.get(jobId);
      return job?.attempt === attempt && (job.state === "running" || job.state === "canceling");
    });
    return choose(pick % 4 > 0 && current.length > 0 ? current : this.attempts, pick >> 2);
  }

  newJob(facts: Pick<NewJob, "priority" | "capabilityKey" | "modelKey" | "idempotencyKey" | "inputsHash" | "retryOf">) {
    const { workflowId, workflowVersionId } = this.stores.workflow;
    const nodes = facts.capabilityKey === "rare" ? ["Plain", "Rare"] : ["Plain"];
    return {
      jobId: newId(),
      workflowId,
      workflowVersionId,
      inputs: {},
      seed: null,
      capability: { nodes, models: [] },
      metadata: null,
      ...facts,
    } satisfies NewJob;
  }

  /** Begins something of several steps, and goes up to the first of them. */
  async begin(label: string, body: (queue: Queue) => Promise<unknown>): Promise<void> {
    const begun = new InFlight(label, (pause) => body(this.queue(pause)));
    await begun.arrived();
    if (!begun.isDone) this.inFlight.push(begun);
  }

  push(entries: readonly QueueEntry[], at: "head" | "tail"): Promise<void> {
    return this.begin("push", (queue) => queue.enqueue(entries, { at }));
  }

  /** The real queue, compared at every command with the reference; `pause` comes before each. */
  queue(pause: Pause): Queue {
    const { queue } = this.stores;
    const { names, queueReference: expected } = this;
    const command = async <Answer>(what: string, real: () => Promise<Answer>, wanted: () => Answer) => {
      const passage = await pause(names(what));
      if (passage === "refused") throw new QueueUnavailable(what, "refused by the model");
      this.isQueueTouched = true;
      const { isDamaged } = expected;
      const answer = await real();
      if (!isDamaged) agree(what, answer, wanted(), names);
      if (passage === "answer-lost") throw new QueueUnavailable(what, "answer lost by the model");
      return answer;
    };
    const ids = (entries: readonly QueueEntry[]) => entries.map(({ jobId }) => jobId);
    return {
      ...queue,
      enqueue: (entries, { at = "tail" } = {}) =>
        command(
          `enqueue ${ids(entries)} at the ${at}`,
          () => queue.enqueue(entries, { at }),
          () => expected.enqueue(entries, at),
        ),
      remove: (jobIds) =>
        command(
          `remove ${jobIds}`,
          () => queue.remove(jobIds),
          () => expected.remove(jobIds),
        ),
      check: () =>
        command(
          "check the queue",
          async () => {
            const isWhole = await queue.check();
            if (!expected.isDamaged) return isWhole;
            if (isWhole) expected.adopt(await this.stores.readQueue(this.ownerIds));
            else expected.hasEpoch = false;
            return isWhole;
          },
          () => expected.hasEpoch,
        ),
      rebuild: (entries) => {
        // Read from Postgres just before.
        const due = this.reference.due().map((job) => this.reference.entryOf(job));
        agree("the jobs to rebuild from", [...entries], due, names);
        return command(
          `rebuild with ${ids(entries)}`,
          async () => {
            const isRebuilt = await queue.rebuild(entries);
            if (!expected.isDamaged || !isRebuilt) return isRebuilt;
            expected.hasEpoch = false;
            return expected.rebuild(entries);
          },
          () => expected.rebuild(entries),
        );
      },
      find: (jobIds) =>
        command(
          `ask how ${jobIds} wait`,
          () => queue.find(jobIds),
          () =>
            new Map(
              jobIds.flatMap((jobId) => {
                const entry = expected.entry(jobId);
                return entry === undefined ? [] : [[jobId, entry] as const];
              }),
            ),
        ),
      promote: (jobId) =>
        command(
          `promote ${jobId}`,
          () => queue.promote(jobId),
          () => expected.promote(jobId),
        ),
      clear: () =>
        command(
          "clear",
          () => queue.clear(),
          () => expected.clear(),
        ),
    };
  }

  /** A command to Redis that nothing comes before. */
  readonly atOnce: Pause = async () => "works";
}

/** One of them, by a number of any size; none if there are none. */
export function choose<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items[pick % Math.max(1, items.length)];
}
