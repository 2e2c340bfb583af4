import type { DurableEvent } from "@darkroom/contracts";
import { leaseSeconds } from "../settings.ts";
import type { EventGist, JobRow, Tables } from "./tables.ts";

// The few ways in which a job changes, each with the event that tells of it; verbs and maintenance are made of them.

/** `queued → running`, with the next attempt; false if the job is not to be had. */
export function start(
  tables: Tables,
  job: JobRow,
  { backendId, adopt }: { backendId: string; adopt: boolean },
): boolean {
  const isMine = job.adoptBackendId === null || job.adoptBackendId === backendId;
  if (job.state !== "queued" || job.runAfter > tables.now || !isMine || (tables.isPaused && !adopt)) return false;
  job.state = "running";
  job.attempt += 1;
  job.stage = "preparing";
  job.adoptBackendId = null;
  job.percent = null;
  job.leaseUntil = tables.now + leaseSeconds * 1000;
  job.startedAt = runningSince(tables, job, backendId) ?? tables.now;
  job.changedAt = tables.now;
  const { now: startedAt } = tables;
  tables.attempts.push({ jobId: job.jobId, attempt: job.attempt, backendId, startedAt, stagedAt: null, outcome: null });
  advance(tables, job, "job.started", backendId);
  return true;
}

/** Since when the prompt runs that an earlier attempt left on that backend; null if it was not seen to. */
function runningSince(tables: Tables, job: JobRow, backendId: string): number | null {
  const open = tables.openDispatch(job);
  if (open?.backendId !== backendId) return null;
  const seen = tables.attempts
    .filter(({ jobId, attempt }) => jobId === job.jobId && attempt >= open.attempt)
    .flatMap(({ stagedAt }) => stagedAt ?? []);
  return seen.length === 0 ? null : Math.min(...seen);
}

/** Its open dispatches will be followed by nobody. */
export function orphan(tables: Tables, { jobId }: JobRow): void {
  for (const record of tables.dispatches) {
    if (record.jobId === jobId && record.fate === "open") record.fate = "orphaned";
  }
}

/** `running → queued`; an adoptable job waits for the backend that has its prompt. */
export function giveBack(
  tables: Tables,
  job: JobRow,
  back: { reason: string; outcome: string; adoptable: boolean; delaySeconds?: number },
): void {
  if (!back.adoptable) orphan(tables, job);
  endAttempt(tables, job, back.outcome);
  job.state = "queued";
  job.stage = null;
  job.percent = null;
  job.leaseUntil = null;
  job.startedAt = null;
  job.changedAt = tables.now;
  job.runAfter = tables.now + (back.delaySeconds ?? 0) * 1000;
  job.adoptBackendId = (back.adoptable ? tables.openDispatch(job)?.backendId : null) ?? null;
  advance(tables, job, "job.retried", back.reason);
}

/** Into a terminal state; with the last job of a batch the batch is settled. */
export function end(
  tables: Tables,
  job: JobRow,
  state: "succeeded" | "failed" | "canceled",
  failureCode: string | null,
): void {
  job.state = state;
  job.stage = null;
  job.percent = null;
  job.leaseUntil = null;
  job.adoptBackendId = null;
  job.failureCode = failureCode;
  job.changedAt = tables.now;
  endAttempt(tables, job, state);
  const open = tables.openDispatch(job);
  if (state === "succeeded" && open !== undefined) open.fate = "closed";
  advance(tables, job, `job.${state}`, failureCode ?? "");
  const batch = job.batchId === null ? undefined : tables.batches.get(job.batchId);
  if (batch === undefined) return;
  batch.open -= 1;
  batch[state] += 1;
  const { batchId, open: left, succeeded, failed, canceled } = batch;
  if (left > 0) return;
  const about = `${succeeded} ${failed} ${canceled}`;
  append(tables, job.ownerId, { type: "batch.settled", id: batchId, version: null, attempt: null, about });
}

function endAttempt(tables: Tables, { jobId, attempt }: JobRow, outcome: string): void {
  const row = tables.attempts.find((item) => item.jobId === jobId && item.attempt === attempt);
  if (row?.outcome === null) row.outcome = outcome;
}

/** One version more, and the event that tells why. */
export function advance(tables: Tables, job: JobRow, type: DurableEvent["type"], about = ""): void {
  job.version += 1;
  say(tables, job, type, about);
}

/** An event of the job as it is now. */
export function say(
  tables: Tables,
  { ownerId, jobId: id, version, attempt }: JobRow,
  type: DurableEvent["type"],
  about: string,
): void {
  append(tables, ownerId, { type, id, version, attempt, about });
}

function append(tables: Tables, ownerId: string, event: Omit<EventGist, "ownerId" | "ownerSeq">): void {
  const ownerSeq = (tables.seqs.get(ownerId) ?? 0) + 1;
  tables.seqs.set(ownerId, ownerSeq);
  tables.events.push({ ownerId, ownerSeq, ...event });
}
