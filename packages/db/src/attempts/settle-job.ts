import type { DurableEvent, Failure, JobState, OwnedEvent, QueueEntry, RunRecord, Stopped } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob, numbered } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { endJob, type JobEnd, type Return, returnJob } from "./end-attempt.ts";

/** How an attempt ended. */
export type SettledOutcome =
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly failure: Failure }
  /** Again after `delaySeconds`; `infra`: the dispatched prompt was lost, which is not the job's own failure. */
  | { readonly type: "retry"; readonly failure: Failure; readonly delaySeconds: number; readonly infra: boolean }
  | { readonly type: "canceled" }
  /** Given back unharmed; its prompt stays open for adoption. `backend-silent`: because its backend answers nothing. */
  | { readonly type: "released"; readonly reason?: "backend-silent" }
  /**
   * Its backend's process is gone, and the prompt with it: anybody may run the job now. `counts`: the prompt may have brought
   * the process down, so the budget of lost prompts pays.
   */
  | { readonly type: "backend-gone"; readonly counts: boolean };

export interface Settled {
  readonly events: readonly OwnedEvent[];
  /** To push at the head when the job is in the queue and due; null otherwise (a delayed retry is pushed by maintenance). */
  readonly entry: QueueEntry | null;
}

/** How many failures of its own, and how many lost prompts, end a job. */
const failureBudget = 3;
export const infraFailureBudget = 3;

export const poison: Failure = {
  code: "POISON",
  message:
    "The backend lost this job three times while it ran, so it was stopped. It may need more memory than there is.",
  retryable: false,
};

interface Held {
  readonly state: Extract<JobState, "running" | "canceling">;
  readonly failures: number;
  readonly infraFailures: number;
}

interface Settlement {
  readonly jobId: string;
  readonly attempt: number;
  readonly outcome: SettledOutcome;
  readonly run?: RunRecord | null;
  /** How the attempt's prompt was made to end; null if it was not. Told with a cancel. */
  readonly stopped?: Stopped | null;
}

/**
 * Ends an attempt, in one fenced transaction with its event and with what is known of its run. Null, and nothing changed,
 * if the attempt lost the job.
 * A job whose owner asked to stop it ends as `canceled`, unless it had succeeded.
 */
export async function settleJob(database: Database, settlement: Settlement): Promise<Settled | null> {
  switch (settlement.outcome.type) {
    case "succeeded":
    case "failed":
    case "canceled":
      return endAttempt(database, settlement);
    case "retry":
    case "released":
    case "backend-gone":
      return giveBack(database, settlement);
  }
}

/** What becomes of the job, by its state and what is left of its budgets; null if its state does not allow it. */
function decide(held: Held, outcome: SettledOutcome): SettledOutcome | null {
  if (held.state === "canceling") return outcome.type === "succeeded" ? outcome : { type: "canceled" };
  if (outcome.type === "canceled") return null;
  if (outcome.type === "retry" ? outcome.infra : outcome.type === "backend-gone" && outcome.counts)
    return held.infraFailures + 1 >= infraFailureBudget ? { type: "failed", failure: poison } : outcome;
  if (outcome.type !== "retry") return outcome;
  return held.failures + 1 >= failureBudget ? { type: "failed", failure: outcome.failure } : outcome;
}

/** The last state that an outcome is written as; null if it is none. */
function jobEndOf(outcome: SettledOutcome | null, { run = null, stopped = null }: Settlement): JobEnd | null {
  switch (outcome?.type) {
    case "succeeded":
    case "canceled":
      return { state: outcome.type, failure: null, run, stopped };
    case "failed":
      return { state: "failed", failure: outcome.failure, run, stopped };
    default:
      return null;
  }
}

/** An end asks for no budget, so it is decided for either state beforehand, and written with whatever else ends now. */
async function endAttempt(database: Database, settlement: Settlement): Promise<Settled | null> {
  const { jobId, attempt, outcome } = settlement;
  const end = (state: Held["state"]): JobEnd | null =>
    jobEndOf(decide({ state, failures: 0, infraFailures: 0 }, outcome), settlement);
  const ends = { running: end("running"), canceling: end("canceling") };
  const answer = await database.steps.settle<
    | { readonly type: "lost" }
    | { readonly type: "ended"; readonly ownerId: string; readonly firstSeq: number; readonly events: DurableEvent[] }
  >({ jobId, attempt, ends });
  if (answer.type === "lost") return null;
  return { events: numbered(answer.ownerId, answer.firstSeq, answer.events), entry: null };
}

/** Puts the job back into the queue, or ends it if that used up a budget or its owner asked to stop it. */
async function giveBack(database: Database, settlement: Settlement): Promise<Settled | null> {
  const { jobId, attempt } = settlement;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null) return null;
    const [held] = await tx<Held[]>`
      SELECT state, failures, infra_failures AS "infraFailures" FROM jobs
      WHERE id = ${jobId} AND attempt = ${attempt} AND state IN ('running', 'canceling') FOR UPDATE`;
    if (held === undefined) return null;
    const outcome = decide(held, settlement.outcome);
    const end = jobEndOf(outcome, settlement);
    if (end !== null) {
      const events = await endJob(tx, { jobId, batchId: feed.batchId, ...end });
      return { events: await appendEvents(tx, feed, events), entry: null };
    }
    const back = outcome === null ? null : returnOf(outcome);
    if (back === null) return null;
    const { event, entry } = await returnJob(tx, feed, { jobId, ...back, run: settlement.run ?? null });
    return { events: await appendEvents(tx, feed, [event]), entry: back.delaySeconds > 0 ? null : entry };
  });
}

/** How an outcome puts the job back; null if it ends it. */
function returnOf(outcome: SettledOutcome): Omit<Return, "jobId"> | null {
  const unharmed = { failure: null, delaySeconds: 0, failures: 0, infraFailures: 0 };
  switch (outcome.type) {
    case "retry": {
      const { failure, delaySeconds, infra } = outcome;
      const budgets = { failures: infra ? 0 : 1, infraFailures: infra ? 1 : 0 };
      const reason = infra ? "prompt-lost" : "failure";
      return { reason, outcome: "retry", failure, delaySeconds, ...budgets, adoptable: false };
    }
    case "released":
      return { ...unharmed, reason: outcome.reason ?? "released", outcome: "released", adoptable: true };
    case "backend-gone": {
      const infraFailures = outcome.counts ? 1 : 0;
      // An orphan, not closed: should a server live on behind a proxy that refused, it is told to drop the prompt.
      return { ...unharmed, infraFailures, reason: "backend-gone", outcome: "backend-gone", adoptable: false };
    }
    case "succeeded":
    case "failed":
    case "canceled":
      return null;
  }
}
