import type { Failure, JobState, OwnedEvent, QueueEntry, RunRecord, Stopped } from "@darkroom/contracts";
import { appendEvents, type LockedJobFeed, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { endJob, returnJob } from "./end-attempt.ts";

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

/**
 * Ends an attempt, in one fenced transaction with its event and with what is known of its run. Null, and nothing changed,
 * if the attempt lost the job.
 * A job whose owner asked to stop it ends as `canceled`, unless it had succeeded.
 */
export async function settleJob(
  database: Database,
  settlement: {
    jobId: string;
    attempt: number;
    outcome: SettledOutcome;
    run?: RunRecord | null;
    /** How the attempt's prompt was made to end; null if it was not. Told with a cancel. */
    stopped?: Stopped | null;
  },
): Promise<Settled | null> {
  const { jobId, attempt, run = null, stopped = null } = settlement;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null) return null;
    const [held] = await tx<Held[]>`
      SELECT state, failures, infra_failures AS "infraFailures" FROM jobs
      WHERE id = ${jobId} AND attempt = ${attempt} AND state IN ('running', 'canceling') FOR UPDATE`;
    if (held === undefined) return null;
    const outcome = decide(held, settlement.outcome);
    return outcome === null ? null : write(tx, feed, { jobId, outcome, run, stopped });
  });
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

/** `endJob` writes the last state, `returnJob` puts the job back into the queue; both answer with the events that say so. */
async function write(
  tx: Transaction,
  feed: LockedJobFeed,
  settlement: { jobId: string; outcome: SettledOutcome; run: RunRecord | null; stopped: Stopped | null },
): Promise<Settled> {
  const { jobId, outcome, run, stopped } = settlement;
  const { batchId } = feed;
  switch (outcome.type) {
    case "succeeded":
    case "canceled":
    case "failed": {
      const failure = outcome.type === "failed" ? outcome.failure : null;
      const events = await endJob(tx, feed, { jobId, batchId, state: outcome.type, failure, run, stopped });
      return { events: await appendEvents(tx, feed, events), entry: null };
    }
    case "retry": {
      const { failure, delaySeconds, infra } = outcome;
      const { event, entry } = await returnJob(tx, feed, {
        jobId,
        reason: infra ? "prompt-lost" : "failure",
        outcome: "retry",
        failure,
        delaySeconds,
        failures: infra ? 0 : 1,
        infraFailures: infra ? 1 : 0,
        adoptable: false,
        run,
      });
      return { events: await appendEvents(tx, feed, [event]), entry: delaySeconds > 0 ? null : entry };
    }
    case "released": {
      const { event, entry } = await returnJob(tx, feed, {
        jobId,
        reason: outcome.reason ?? "released",
        outcome: "released",
        failure: null,
        delaySeconds: 0,
        failures: 0,
        infraFailures: 0,
        adoptable: true,
        run,
      });
      return { events: await appendEvents(tx, feed, [event]), entry };
    }
    case "backend-gone": {
      const { event, entry } = await returnJob(tx, feed, {
        jobId,
        reason: "backend-gone",
        outcome: "backend-gone",
        failure: null,
        delaySeconds: 0,
        failures: 0,
        infraFailures: outcome.counts ? 1 : 0,
        // An orphan, not closed: should a server live on behind a proxy that refused, it is told to drop the prompt.
        adoptable: false,
        run,
      });
      return { events: await appendEvents(tx, feed, [event]), entry };
    }
  }
}
