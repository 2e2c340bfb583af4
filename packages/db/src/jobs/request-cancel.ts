import type { DurableEvent, JobState, OwnedEvent } from "@darkroom/contracts";
import { endJob } from "../attempts/end-attempt.ts";
import { appendEvents, type LockedFeed, lockBatches, lockFeed, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock, isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { type JobSize, sizeOf } from "../reads/run-times.ts";

export interface StoredCancel {
  readonly state: JobState;
  readonly events: readonly OwnedEvent[];
  /** True if it was waiting until now: remove it from Redis. */
  readonly wasQueued: boolean;
  /** The worker to tell, while one runs it. */
  readonly workerId: string | null;
}
export interface StoredBatchCancel {
  readonly events: readonly OwnedEvent[];
  readonly jobs: readonly {
    readonly jobId: string;
    readonly state: JobState;
    readonly wasQueued: boolean;
    readonly workerId: string | null;
  }[];
}

/** How long a run on a backend takes, in seconds; null when nothing is known of jobs like it. */
export type Expect = (job: JobSize, backendId: string) => number | null;

const expectNothing: Expect = () => null;

/**
 * Asks to stop a job: a waiting one is `canceled` at once, a running one `canceling` until its worker confirms, and one
 * that ended stays as it is. Null if there is no such job among those of `ownerIds` (null: anyone's, for operators).
 * By `expect` it is noted what the run would still have taken.
 */
export async function requestCancel(
  database: Database,
  request: { jobId: string; ownerIds: readonly string[] | null; expect?: Expect },
): Promise<StoredCancel | null> {
  const { jobId, ownerIds, expect = expectNothing } = request;
  if (!isUuid(jobId)) return null;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null || (ownerIds !== null && !ownerIds.includes(feed.ownerId))) return null;
    const [job] = await tx<OpenJob[]>`
      SELECT ${openColumns(tx)} FROM jobs j WHERE id = ${jobId} AND removed_at IS NULL FOR UPDATE`;
    if (job === undefined) return null;
    const { events, ...answer } = await cancel(tx, feed, { job, expect });
    return { ...answer, events: await appendEvents(tx, feed, events) };
  });
}

/** Asks to stop every job of a batch that has not ended, in one transaction; null if there is no such batch. */
export async function requestCancelBatch(
  database: Database,
  request: { batchId: string; ownerIds: readonly string[] | null; expect?: Expect },
): Promise<StoredBatchCancel | null> {
  const { batchId, ownerIds, expect = expectNothing } = request;
  if (!isUuid(batchId)) return null;
  return inTransaction(database, async (tx) => {
    const [batch] = await tx<{ ownerId: string }[]>`SELECT owner_id AS "ownerId" FROM batches WHERE id = ${batchId}`;
    if (batch === undefined || (ownerIds !== null && !ownerIds.includes(batch.ownerId))) return null;
    const feed = await lockFeed(tx, batch.ownerId);
    if (feed === null) return null;
    await lockBatches(tx, [batchId]);
    const open = await tx<OpenJob[]>`
      SELECT ${openColumns(tx)} FROM jobs j WHERE batch_id = ${batchId} AND removed_at IS NULL ORDER BY id FOR UPDATE`;
    const events: DurableEvent[] = [];
    const jobs: StoredBatchCancel["jobs"][number][] = [];
    for (const job of open) {
      const { events: its, ...answer } = await cancel(tx, feed, { job, expect });
      events.push(...its);
      jobs.push({ jobId: job.jobId, ...answer });
    }
    return { events: await appendEvents(tx, feed, events), jobs };
  });
}

interface OpenJob extends JobSize {
  readonly jobId: string;
  readonly batchId: string | null;
  readonly state: JobState;
  readonly workerId: string | null;
  readonly backendId: string | null;
  /** Since the run of its prompt began; null if it has not, or began with an attempt before this one. */
  readonly ranSeconds: number | null;
}

const openColumns = (tx: Transaction) => tx`
  j.id AS "jobId", j.batch_id AS "batchId", j.state, j.worker_id AS "workerId", j.backend_id AS "backendId",
  j.workflow_id AS "workflowId", ${sizeOf(tx)} AS size,
  CASE WHEN j.stage <> 'preparing'
    AND EXISTS (SELECT 1 FROM dispatches d WHERE d.job_id = j.id AND d.attempt = j.attempt)
    THEN extract(epoch FROM now() - j.started_at)::float8 END AS "ranSeconds"`;

/** What a run that is to be stopped would still take; null if nobody knows. */
function leftOf(job: OpenJob, expect: Expect): number | null {
  const { backendId, ranSeconds } = job;
  if (backendId === null || ranSeconds === null) return null;
  const seconds = expect(job, backendId);
  return seconds === null || seconds <= ranSeconds ? null : seconds - ranSeconds;
}

async function cancel(
  tx: Transaction,
  feed: LockedFeed,
  { job, expect }: { job: OpenJob; expect: Expect },
): Promise<Omit<StoredCancel, "events"> & { events: DurableEvent[] }> {
  const { jobId, batchId, state, workerId } = job;
  switch (state) {
    case "queued": {
      const events = await endJob(tx, { jobId, batchId, state: "canceled", failure: null });
      return { state: "canceled", events, wasQueued: true, workerId: null };
    }
    case "running": {
      const [row] = await tx<{ version: number; attempt: number }[]>`
        UPDATE jobs SET state = 'canceling', version = version + 1, changed_at = ${clock(tx)},
          saved_seconds = ${leftOf(job, expect)}
        WHERE id = ${jobId} RETURNING version, attempt`;
      if (row === undefined) throw new Error(`job ${jobId} vanished under its lock`);
      const event: DurableEvent = { type: "job.canceling", jobId, ...row, at: feed.at };
      return { state: "canceling", events: [event], wasQueued: false, workerId };
    }
    case "canceling":
      return { state, events: [], wasQueued: false, workerId };
    case "succeeded":
    case "failed":
    case "canceled":
      return { state, events: [], wasQueued: false, workerId: null };
  }
}
