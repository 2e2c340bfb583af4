import type { DurableEvent, Failure, QueueEntry, RunRecord, Stopped } from "@darkroom/contracts";
import type { LockedFeed } from "../feed/append-events.ts";
import { clock, entryColumns, interval, json, jsonText } from "../postgres/sql.ts";
import { step } from "../postgres/steps.ts";
import type { Transaction } from "../postgres/transaction.ts";
import type { AttemptOutcome } from "../schema/attempts.ts";

// The two ways out of an attempt. Callers hold the feed, the batch and the job's row, and have checked its fence.

/** How a job ends; `end-job.sql` reads it. */
export interface JobEnd {
  readonly state: "succeeded" | "failed" | "canceled";
  /** With `failed` only. */
  readonly failure: Failure | null;
  /** What is known of the attempt's run. */
  readonly run?: RunRecord | null;
  /** With `canceled` only: how ComfyUI gave up the prompt, if there was one. */
  readonly stopped?: Stopped | null;
}

/**
 * Moves a job to its last state (`end-job.sql`). Its events, to be appended: the job's own, and `batch.settled` if it was
 * the batch's last.
 */
export async function endJob(
  tx: Transaction,
  end: { jobId: string; batchId: string | null } & JobEnd,
): Promise<DurableEvent[]> {
  const { jobId, batchId, ...how } = end;
  const [{ events }] = await tx<[{ events: DurableEvent[] }]>`
    SELECT ${step(tx, "end_job")}(${jobId}, ${batchId}, ${jsonText(how)}::text::jsonb) AS events`;
  return events;
}

export interface Return {
  readonly jobId: string;
  readonly reason: Extract<DurableEvent, { type: "job.retried" }>["reason"];
  readonly outcome: AttemptOutcome;
  readonly failure: Failure | null;
  readonly delaySeconds: number;
  /** What to add to the budgets. */
  readonly failures: number;
  readonly infraFailures: number;
  /** True: the prompt that is open on a backend waits there for adoption; false: it is given up. */
  readonly adoptable: boolean;
  /** What is known of the attempt's run. */
  readonly run?: RunRecord | null;
}

/** How a job goes back whose worker fell silent: nothing is counted, and its prompt waits for adoption. */
export const afterLostLease = {
  reason: "lease-expired",
  outcome: "lease-expired",
  failure: null,
  delaySeconds: 0,
  failures: 0,
  infraFailures: 0,
  adoptable: true,
} as const satisfies Omit<Return, "jobId">;

/** Puts a running job back into the queue, with its event and its entry for Redis. */
export async function returnJob(
  tx: Transaction,
  feed: LockedFeed,
  back: Return,
): Promise<{ event: DurableEvent; entry: QueueEntry }> {
  const { run = null } = back;
  if (!back.adoptable) await orphanDispatches(tx, back.jobId);
  const [job] = await tx<(QueueEntry & { version: number; attempt: number; runAfter: Date })[]>`
    WITH tried AS (
      UPDATE attempts SET ended_at = ${clock(tx)}, outcome = ${back.outcome},
        failure = ${back.failure === null ? null : json(tx, back.failure)}, run = ${run === null ? null : json(tx, run)}
      WHERE job_id = ${back.jobId} AND ended_at IS NULL
    )
    UPDATE jobs j SET state = 'queued', version = version + 1, stage = NULL, progress = NULL, lease_until = NULL,
      worker_id = NULL, started_at = NULL, sampling_at = NULL, saving_at = NULL, changed_at = ${clock(tx)},
      run_after = ${clock(tx)} + ${interval(tx, back.delaySeconds)},
      ran_ms = ran_ms + ${run?.totalMs ?? 0}, failures = failures + ${back.failures}, infra_failures = infra_failures + ${back.infraFailures},
      adopt_backend_id = (
        SELECT d.backend_id FROM dispatches d
        WHERE d.job_id = j.id AND d.closed_at IS NULL AND d.orphaned_at IS NULL AND ${back.adoptable}
        ORDER BY d.dispatched_at DESC LIMIT 1)
    WHERE id = ${back.jobId}
    RETURNING j.version, j.attempt, j.run_after AS "runAfter", ${entryColumns(tx)}`;
  if (job === undefined) throw new Error(`job ${back.jobId} vanished under its lock`);
  const { version, attempt, runAfter, ...entry } = job;
  return {
    event: {
      type: "job.retried",
      jobId: back.jobId,
      version,
      attempt,
      at: feed.at,
      reason: back.reason,
      failure: back.failure,
      runAfter: runAfter.toISOString(),
    },
    entry,
  };
}

/** Marks the job's open prompts as orphans: they are not adopted, and the worker that next looks at their backend removes them. */
export async function orphanDispatches(tx: Transaction, jobId: string): Promise<void> {
  await tx`
    UPDATE dispatches SET orphaned_at = ${clock(tx)}
    WHERE job_id = ${jobId} AND closed_at IS NULL AND orphaned_at IS NULL`;
}
