import type { Failure } from "@darkroom/contracts";
import type { Transaction } from "../postgres/transaction.ts";

/** How many workers in a row may die over a job before it counts as what killed them. */
const killedWorkersBudget = 3;

export const workerKiller: Failure = {
  code: "POISON",
  message: "Three workers in a row stopped while they held this job, so it was stopped.",
  retryable: false,
};

/**
 * Whether a job whose lease has expired has now ended its last three holds that way, each in the worker's own hands:
 * before anything was dispatched, or while the files of a prompt were stored that an earlier attempt had dispatched. A
 * worker that dies while ComfyUI works says nothing about the job, and costs it nothing.
 */
export async function hasKilledWorkers(tx: Transaction, jobId: string): Promise<boolean> {
  const [last] = await tx<[{ killer: boolean }]>`
    SELECT count(*) = ${killedWorkersBudget} AND bool_and(is_own) AS killer FROM (
      SELECT coalesce(a.outcome, 'lease-expired') = 'lease-expired'
        AND NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.job_id = a.job_id AND d.attempt = a.attempt)
        AND (
          NOT EXISTS (
            SELECT 1 FROM dispatches d WHERE d.job_id = a.job_id AND d.closed_at IS NULL AND d.orphaned_at IS NULL)
          OR EXISTS (
            SELECT 1 FROM job_events e
            WHERE e.job_id = a.job_id AND e.attempt = a.attempt AND e.type = 'job.staged'
              AND e.payload ->> 'stage' = 'saving')) AS is_own
      FROM attempts a WHERE a.job_id = ${jobId} ORDER BY a.attempt DESC LIMIT ${killedWorkersBudget}) holds`;
  return last.killer === true;
}
