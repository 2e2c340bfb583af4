import type { DurableEvent, InputValues, OwnedEvent, WorkflowDefinition } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob, numbered } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { leasesExpire } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import type { OpenDispatch } from "./dispatches.ts";
import { afterLostLease, returnJob } from "./end-attempt.ts";
import { hasKilledWorkers } from "./poison.ts";

export interface ClaimedJob {
  readonly jobId: string;
  readonly ownerId: string;
  /** The id of the request that made it, for the log; null if it is not known. */
  readonly requestId: string | null;
  readonly attempt: number;
  /** Since when it had waited for this attempt; ISO 8601. */
  readonly queuedAt: string;
  readonly version: number;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly modelKey: string | null;
  readonly definition: WorkflowDefinition;
  readonly failures: number;
  readonly infraFailures: number;
  /** The prompt to adopt before dispatching a new one; null if there is none. */
  readonly openDispatch: OpenDispatch | null;
}

export interface Claim {
  readonly jobId: string;
  readonly workerId: string;
  readonly backendId: string;
  readonly leaseSeconds: number;
  /** Also take a running job whose lease has expired, and ignore a pause: its prompt is already on the backend. */
  readonly adopt?: boolean;
}

export interface ClaimAnswer {
  readonly job: ClaimedJob;
  readonly events: readonly OwnedEvent[];
}

/**
 * Makes a waiting job this worker's: compare-and-set, attempt + 1, with its `job.started`. Null if it is not waiting, not
 * due, paused, or kept for another backend that holds its prompt; whoever took it from Redis drops it then.
 */
export async function claimJob(database: Database, claim: Claim): Promise<ClaimAnswer | null> {
  const claimed = await startAttempt(database, claim);
  if (claimed !== null || claim.adopt !== true) return claimed;
  // Its worker may be gone: back into the queue, as maintenance would put it, and claimed from there like any other.
  const returned = await returnExpired(database, claim);
  if (returned.length === 0) return null;
  const again = await startAttempt(database, claim);
  return again && { ...again, events: [...returned, ...again.events] };
}

/** Puts a job whose worker is gone back into the queue if its prompt is on the claimant's backend; no events: it is not so. */
async function returnExpired(database: Database, claim: Claim): Promise<OwnedEvent[]> {
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, claim.jobId);
    if (feed === null || !(await isExpiredHere(tx, claim))) return [];
    const { event } = await returnJob(tx, feed, { jobId: claim.jobId, ...afterLostLease });
    return appendEvents(tx, feed, [event]);
  });
}

/** Whether the job's worker is gone and its prompt is on the claimant's backend. Locks the job's row. */
async function isExpiredHere(tx: Transaction, claim: Claim): Promise<boolean> {
  const rows = await tx`
    SELECT 1 FROM jobs j WHERE id = ${claim.jobId} AND state = 'running' AND lease_until < now()
      AND ${leasesExpire(tx, claim.leaseSeconds)}
      AND ${claim.backendId} = (
        SELECT d.backend_id FROM dispatches d
        WHERE d.job_id = j.id AND d.closed_at IS NULL AND d.orphaned_at IS NULL
        ORDER BY d.dispatched_at DESC LIMIT 1)
    FOR UPDATE`;
  // A job that killed three workers is ended by maintenance; it must not get a fourth one before that.
  return rows.length > 0 && !(await hasKilledWorkers(tx, claim.jobId));
}

type Answer =
  | { readonly type: "lost" }
  | {
      readonly type: "claimed";
      readonly ownerId: string;
      readonly firstSeq: number;
      readonly events: DurableEvent[];
      readonly job: Omit<ClaimedJob, "definition" | "openDispatch">;
      readonly definition: WorkflowDefinition;
      readonly openDispatch: OpenDispatch | null;
    };

/** `claim.sql`, with whatever else is claimed now. */
async function startAttempt(database: Database, { adopt = false, ...claim }: Claim): Promise<ClaimAnswer | null> {
  const answer = await database.steps.claim<Answer>({ ...claim, adopt });
  if (answer.type === "lost") return null;
  const { ownerId, firstSeq, events, job, definition, openDispatch } = answer;
  return { job: { ...job, definition, openDispatch }, events: numbered(ownerId, firstSeq, events) };
}
