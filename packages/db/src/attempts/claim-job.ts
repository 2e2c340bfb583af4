import type { DurableEvent, InputValues, OwnedEvent, WorkflowDefinition } from "@darkroom/contracts";
import { appendEvents, type LockedFeed, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock, interval, isPausedNow, leasesExpire } from "../postgres/sql.ts";
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

/**
 * Makes a waiting job this worker's: compare-and-set, attempt + 1, with its `job.started`. Null if it is not waiting, not
 * due, paused, or kept for another backend that holds its prompt; whoever took it from Redis drops it then.
 */
export async function claimJob(
  database: Database,
  claim: Claim,
): Promise<{ readonly job: ClaimedJob; readonly events: readonly OwnedEvent[] } | null> {
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, claim.jobId);
    if (feed === null) return null;
    const events: DurableEvent[] = [];
    let job = await startAttempt(tx, feed, claim);
    if (job === null && claim.adopt === true && (await isExpiredHere(tx, claim))) {
      // Its worker is gone: back into the queue, as maintenance would put it, and claimed from there like any other.
      const { event } = await returnJob(tx, feed, { jobId: claim.jobId, ...afterLostLease });
      events.push(event);
      job = await startAttempt(tx, feed, claim);
    }
    if (job === null) return null;
    const { jobId, version, attempt } = job;
    const { startedAt, ...ofWorker } = job;
    const started = startedAt.toISOString();
    events.push({
      type: "job.started",
      jobId,
      version,
      attempt,
      at: feed.at,
      backend: claim.backendId,
      ...(started === feed.at ? {} : { runStartedAt: started }),
    });
    return { job: ofWorker, events: await appendEvents(tx, feed, events) };
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

type Started = Omit<ClaimedJob, "definition" | "openDispatch"> &
  Omit<WorkflowDefinition, "timeoutSeconds"> & {
    readonly timeoutSeconds: number | null;
    readonly promptId: string | null;
    readonly clientId: string;
    readonly dispatchBackendId: string;
    readonly dispatchAttempt: number;
    readonly behind: boolean;
    readonly runningSeconds: number | null;
    readonly startedAt: Date;
  };

/**
 * A prompt that is adopted may run already, and its run is one whoever follows it: its times count from where it entered each
 * stage first. Its first stage after the preparations is entered when the run begins.
 */
async function startAttempt(
  tx: Transaction,
  feed: LockedFeed,
  claim: Claim,
): Promise<(ClaimedJob & { readonly startedAt: Date }) | null> {
  const [row] = await tx<Started[]>`
    WITH open AS (
      SELECT * FROM dispatches WHERE job_id = ${claim.jobId} AND closed_at IS NULL AND orphaned_at IS NULL
      ORDER BY dispatched_at DESC LIMIT 1
    ), ran AS (
      SELECT min(e.at) AS began_at, min(e.at) FILTER (WHERE e.payload->>'stage' = 'sampling') AS sampling_at,
        min(e.at) FILTER (WHERE e.payload->>'stage' = 'saving') AS saving_at
      FROM open JOIN job_events e ON e.job_id = open.job_id AND e.type = 'job.staged' AND e.attempt >= open.attempt
      WHERE open.backend_id = ${claim.backendId}
    ), claimed AS (
      UPDATE jobs SET state = 'running', attempt = attempt + 1, version = version + 1, stage = 'preparing',
        worker_id = ${claim.workerId}, backend_id = ${claim.backendId}, adopt_backend_id = NULL, progress = NULL,
        lease_until = ${clock(tx)} + ${interval(tx, claim.leaseSeconds)}, 
        started_at = coalesce(ran.began_at, ${clock(tx)}), sampling_at = ran.sampling_at, saving_at = ran.saving_at,
        changed_at = ${clock(tx)}
      FROM ran WHERE id = ${claim.jobId} AND state = 'queued' AND run_after <= now()
        AND (adopt_backend_id IS NULL OR adopt_backend_id = ${claim.backendId})
        AND (${claim.adopt === true} OR NOT ${isPausedNow(tx)})
      RETURNING jobs.*
    ), tried AS (
      INSERT INTO attempts (job_id, attempt, worker_id, backend_id, started_at, comfy_version)
      SELECT id, attempt, worker_id, backend_id, ${clock(tx)},
        (SELECT b.version FROM backends b WHERE b.id = claimed.backend_id) FROM claimed
    )
    SELECT j.id AS "jobId", j.request_id AS "requestId", j.attempt, j.version, j.inputs, j.seed, j.model_key AS "modelKey", j.failures, j.infra_failures AS "infraFailures",
      v.timeout_seconds AS "timeoutSeconds", w.slug, v.name, v.description, v.graph, v.parameters, v.bindings, v.outputs,
      d.prompt_id AS "promptId", d.client_id AS "clientId", d.backend_id AS "dispatchBackendId",
      d.attempt AS "dispatchAttempt", d.behind, j.started_at AS "startedAt",
      (SELECT extract(epoch FROM now() - began_at)::float8 FROM ran) AS "runningSeconds"
    FROM claimed j
    JOIN workflow_versions v ON v.id = j.workflow_version_id
    JOIN workflows w ON w.id = j.workflow_id
    LEFT JOIN open d ON true`;
  if (row === undefined) return null;
  const { slug, name, description, graph, parameters, bindings, outputs, timeoutSeconds, ...rest } = row;
  const { promptId, clientId, dispatchBackendId: backendId, dispatchAttempt, behind, runningSeconds, ...job } = rest;
  return {
    ...job,
    ownerId: feed.ownerId,
    definition: {
      ...{ slug, name, description, graph, parameters, bindings, outputs },
      ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    },
    openDispatch:
      promptId === null ? null : { promptId, clientId, backendId, attempt: dispatchAttempt, behind, runningSeconds },
  };
}
