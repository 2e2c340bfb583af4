import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { appendLine } from "./journal.ts";
import { createRandom, type Random } from "./random.ts";
import { type CancelAnswer, files, type SentKey, type SubmitAnswer } from "./records.ts";
import { type Asking, callUntilAnswered, type Tally, type Visitor } from "./visitor.ts";

interface Item {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** One submit: a job, or a batch of several; canceled that much after its answer, if at all. */
export interface PlannedSubmit {
  readonly key: string;
  readonly visitor: number;
  readonly items: readonly Item[];
  readonly cancelAfterMs: number | null;
}

/** Submits of `jobs` jobs in total, decided by the seed alone: cheap pictures of several workflows and run times. */
export function planSubmits(seed: number, { jobs, visitors }: { jobs: number; visitors: number }): PlannedSubmit[] {
  const random = createRandom(seed ^ 0x5eed);
  const plan: PlannedSubmit[] = [];
  for (let left = jobs; left > 0; ) {
    const count = Math.min(left, random.next() < 0.06 ? 2 + random.below(5) : 1);
    left -= count;
    plan.push({
      key: `chaos-${seed}-${plan.length}`,
      visitor: random.below(visitors),
      items: Array.from({ length: count }, () => someItem(random)),
      cancelAfterMs: random.next() < 0.08 ? Math.round(random.between(0, 1500)) : null,
    });
  }
  return plan;
}

function someItem(random: Random): Item {
  const side = () => 64 + 8 * random.below(5);
  if (random.next() < 0.75) return { workflow: "test-card", inputs: { width: side(), height: side() } };
  // A long one in ten, so that faults also meet jobs in the middle of their run.
  const steps = random.next() < 0.1 ? 30 + random.below(40) : 1 + random.below(4);
  return {
    workflow: "text-to-image",
    inputs: { prompt: `chaos ${random.below(1e6)}`, width: 64, height: 64, steps, seed: random.below(2 ** 31) },
  };
}

export interface Load {
  /** Jobs that were accepted so far. */
  accepted(): number;
  /** Those of them that have not ended, as far as the subscribers know. */
  open(): number;
  /** What was refused although it should not be. */
  readonly refusals: readonly string[];
  /** Resolves when every submit and cancel has its answer, or the signal ends. */
  readonly done: Promise<void>;
}

/**
 * Sends the plan, up to `submitters` at once and never more than `maxOpen` jobs ahead of what `ended` counts. A submit is
 * repeated with the same key until it is answered, and one in five once more after that, as an impatient client would.
 */
export function startLoad(
  plan: readonly PlannedSubmit[],
  options: {
    readonly folder: string;
    readonly webUrls: readonly string[];
    readonly visitors: readonly Visitor[];
    readonly submitters: number;
    readonly maxOpen: number;
    readonly ended: () => number;
    readonly tally: Tally;
    /** Once it ends nothing new is sent; what was begun still gets its answer. */
    readonly enough: AbortSignal;
    readonly signal: AbortSignal;
  },
): Load {
  const { folder, webUrls, visitors, tally, enough, signal } = options;
  const left = [...plan];
  const refusals: string[] = [];
  const asking: Asking = { tally, signal, onError: (error) => appendLine(join(folder, files.errors), error) };
  const cancels: Promise<void>[] = [];
  let accepted = 0;
  const open = (): number => accepted - options.ended();

  async function submitter(): Promise<void> {
    for (let submit = left.shift(); submit !== undefined; submit = left.shift()) {
      while (open() > options.maxOpen && !enough.aborted) await sleep(20, undefined, { signal });
      if (enough.aborted) return;
      await send(submit).catch((error: unknown) => {
        if (!signal.aborted) refusals.push(String(error));
      });
    }
  }

  async function send({ key, items, cancelAfterMs, ...submit }: PlannedSubmit): Promise<void> {
    const visitor = visitors[submit.visitor];
    if (visitor === undefined) throw new Error(`there is no visitor ${submit.visitor}`);
    const { ownerId, headers } = visitor;
    appendLine(join(folder, files.keys), { ownerId, key, jobs: items.length } satisfies SentKey);
    const [item] = items;
    const isBatch = items.length > 1;
    const request = {
      procedure: isBatch ? "job.submitBatch" : "job.submit",
      input: isBatch ? { items, idempotencyKey: key } : { ...item, idempotencyKey: key },
      headers,
    };
    const ask = async (): Promise<string[]> => {
      type Answer = { jobId: string } | { jobs: { jobId: string }[] };
      const answer = await callUntilAnswered<Answer>(webUrls, request, asking);
      if (answer === null) return [];
      const jobIds = "jobs" in answer ? answer.jobs.map(({ jobId }) => jobId) : [answer.jobId];
      appendLine(join(folder, files.answers), { ownerId, key, jobIds } satisfies SubmitAnswer);
      return jobIds;
    };
    const jobIds = await ask();
    accepted += items.length;
    if (Math.random() < 0.2) await ask();
    if (cancelAfterMs !== null) cancels.push(cancel(headers, jobIds, cancelAfterMs));
  }

  async function cancel(headers: Visitor["headers"], jobIds: readonly string[], afterMs: number): Promise<void> {
    try {
      await sleep(afterMs, undefined, { signal });
      for (const jobId of jobIds) {
        const request = { procedure: "job.cancel", input: { jobId }, headers };
        // 409: it had ended before.
        const answer = await callUntilAnswered<{ jobs: CancelAnswer[] }>(webUrls, request, { ...asking, no: [409] });
        for (const { state } of answer?.jobs ?? []) appendLine(join(folder, files.cancels), { jobId, state });
      }
    } catch (error) {
      if (!signal.aborted) refusals.push(String(error));
    }
  }

  const done = Promise.allSettled(Array.from({ length: options.submitters }, submitter)).then(async () => {
    await Promise.all(cancels);
  });
  return { accepted: () => accepted, open, refusals, done };
}
