import {
  type Capability,
  DarkroomError,
  type DurableEvent,
  type InputValues,
  type JobPriority,
  type JobState,
  type OwnedEvent,
  type QueueEntry,
  type Remaining,
} from "@darkroom/contracts";
import { appendEvents, type LockedFeed, lockFeed } from "../feed/append-events.ts";
import { countedAddress } from "../owners/counted-address.ts";
import { insertOwner } from "../owners/owners.ts";
import type { Database } from "../postgres/client.ts";
import { clock, json } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { searchTextOf } from "../reads/search-text.ts";
import { checkDepth, checkLimits, readDepth, readUsage, remainingAfter, type SubmitLimits } from "./submit-limits.ts";

/** A validated job, ready to store. */
export interface NewJob {
  readonly jobId: string;
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly priority: JobPriority;
  /** Unique per owner; null: every submit is a new job. */
  readonly idempotencyKey: string | null;
  /** A digest of what the caller asked for; the same key with another digest is a conflict. */
  readonly inputsHash: string;
  readonly capability: Capability;
  readonly capabilityKey: string;
  readonly modelKey: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly retryOf: string | null;
}

export interface Submission {
  readonly ownerId: string;
  readonly ownerKind: "guest" | "account" | "service";
  readonly displayName?: string | null;
  /** A digest of the caller's address; guests are limited by it as well as by owner. */
  readonly addressKey: string | null;
  /** The id of the request that asks, to find it in every log; null if it is not known. */
  readonly requestId?: string | null;
  /** Null: nothing refuses it and it does not count as a submit, for what operators do on an owner's behalf. */
  readonly limits: SubmitLimits | null;
  readonly jobs: readonly NewJob[];
  readonly batchId?: string | null;
}

export interface SubmittedJob {
  readonly jobId: string;
  readonly batchId: string | null;
  readonly state: JobState;
  readonly version: number;
}

/** What became of a submission. */
export interface StoredSubmit {
  /** False if every idempotency key was known: nothing was stored or counted. */
  readonly created: boolean;
  /** In the order of the submission's jobs. */
  readonly jobs: readonly SubmittedJob[];
  /** Null without limits. */
  readonly remaining: Remaining | null;
  readonly events: readonly OwnedEvent[];
  /** To push at the tail after the commit; empty if nothing was created. */
  readonly entries: readonly QueueEntry[];
}

/**
 * Stores a submit, one job or a batch, in one transaction, and makes its owner's row if it has none yet.
 * A submission whose idempotency keys are all known is answered with the jobs they gave before any limit is looked at.
 *
 * @throws DarkroomError `IDEMPOTENCY_CONFLICT` if a key is known with other inputs, `RATE_LIMITED`, `QUOTA_EXCEEDED` or
 * `QUEUE_FULL` (with `retryAfterSeconds`) if a limit refuses it.
 */
export async function submitJobs(database: Database, submission: Submission): Promise<StoredSubmit> {
  return inTransaction(database, async (tx) => {
    const feed = await lockOwner(tx, submission);
    const addressKey = await countedAddress(tx, submission);
    // After the feed row, always: two owners at one address must not wait for each other.
    if (addressKey !== null) await tx`SELECT pg_advisory_xact_lock(hashtextextended(${addressKey}, 0))`;
    const subjects = [{ ownerId: feed.ownerId }, ...(addressKey === null ? [] : [{ addressKey }])];
    const { limits, jobs } = submission;

    // Asked at once: one round trip.
    const [known, waiting, ...usages] = await Promise.all([
      knownJobs(tx, submission),
      limits === null ? 0 : readDepth(tx, limits.maxWaiting),
      ...(limits === null ? [] : subjects.map((subject) => readUsage(tx, subject))),
    ]);
    const adding = known === null ? jobs.length : 0;
    const remaining = limits && remainingAfter(usages, { limits, adding });
    if (known !== null) return { created: false, jobs: known, remaining, events: [], entries: [] };

    if (limits !== null) {
      for (const usage of usages) await checkLimits(tx, usage, { limits, adding });
      await checkDepth(tx, { waiting, maxWaiting: limits.maxWaiting, adding });
    }
    const events = await insertJobs(tx, feed, { submission, addressKey });
    const batchId = submission.batchId ?? null;
    return {
      created: true,
      jobs: jobs.map(({ jobId }) => ({ jobId, batchId, state: "queued", version: 1 })),
      remaining,
      events,
      entries: jobs.map(({ jobId, priority, capabilityKey, modelKey }) => {
        return { jobId, ownerId: feed.ownerId, priority, capabilityKey, modelKey };
      }),
    };
  });
}

async function lockOwner(tx: Transaction, submission: Submission): Promise<LockedFeed> {
  const { ownerId, ownerKind: kind, displayName = null } = submission;
  const existing = await lockFeed(tx, ownerId);
  if (existing !== null) return existing;
  await insertOwner(tx, { ownerId, kind, displayName, accountId: null });
  const made = await lockFeed(tx, ownerId);
  if (made === null) throw new Error(`owner ${ownerId} has no feed`);
  return made;
}

/** A job without a key of its own is its own key. */
const keyOf = (job: NewJob): string => job.idempotencyKey ?? job.jobId;

/** The jobs that the submission's keys gave before; null if all are new. */
async function knownJobs(tx: Transaction, submission: Submission): Promise<SubmittedJob[] | null> {
  const rows = await tx<(SubmittedJob & { key: string; inputsHash: string })[]>`
    SELECT id AS "jobId", batch_id AS "batchId", state, version, idempotency_key AS key, inputs_hash AS "inputsHash"
    FROM jobs WHERE owner_id = ${submission.ownerId} AND idempotency_key = ANY(${submission.jobs.map(keyOf)}::text[])`;
  if (rows.length === 0) return null;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return submission.jobs.map((job) => {
    const row = byKey.get(keyOf(job));
    if (row === undefined || row.inputsHash !== job.inputsHash) {
      const message = "This idempotency key was used for another request. Use a new key for a new request.";
      throw new DarkroomError("IDEMPOTENCY_CONFLICT", message);
    }
    const { jobId, batchId, state, version } = row;
    return { jobId, batchId, state, version };
  });
}

async function insertJobs(
  tx: Transaction,
  feed: LockedFeed,
  facts: { submission: Submission; addressKey: string | null },
): Promise<OwnedEvent[]> {
  const { submission, addressKey } = facts;
  const { jobs, ownerId, requestId = null } = submission;
  const batchId = submission.batchId ?? null;
  if (batchId !== null)
    await tx`INSERT INTO batches (id, owner_id, open) VALUES (${batchId}, ${ownerId}, ${jobs.length})`;
  const rows = jobs.map((job) => ({ ...job, idempotencyKey: keyOf(job), searchText: searchTextOf(job.inputs) }));
  const counted =
    submission.limits !== null &&
    tx`INSERT INTO submits (owner_id, address_key, at) VALUES (${ownerId}, ${addressKey}, ${clock(tx)})`;
  const storing = tx<{ id: string; slug: string }[]>`
    WITH stored AS (
      INSERT INTO jobs (id, owner_id, batch_id, retry_of, workflow_id, workflow_version_id, idempotency_key, inputs_hash,
        inputs, search_text, seed, priority, metadata, request_id, address_key, version, capability, capability_key, model_key,
        run_after, created_at, queued_at, changed_at)
      SELECT "jobId", ${ownerId}, ${batchId}, "retryOf", "workflowId", "workflowVersionId", "idempotencyKey", "inputsHash",
        inputs, "searchText", seed, priority, metadata, ${requestId}, ${addressKey}, 1, capability, "capabilityKey", "modelKey",
        ${clock(tx)}, ${clock(tx)}, ${clock(tx)}, ${clock(tx)}
      FROM jsonb_to_recordset(${json(tx, rows)}::jsonb) AS new (
        "jobId" uuid, "retryOf" uuid, "workflowId" uuid, "workflowVersionId" uuid, "idempotencyKey" text,
        "inputsHash" text, inputs jsonb, "searchText" text, seed bigint, priority text, metadata jsonb, capability jsonb,
        "capabilityKey" text, "modelKey" text)
      RETURNING id, workflow_id
    )
    SELECT stored.id, w.slug FROM stored JOIN workflows w ON w.id = stored.workflow_id`;
  const [stored] = await Promise.all([storing, counted]);
  const slugs = new Map(stored.map(({ id, slug }) => [id, slug]));
  const events = jobs.map(({ jobId }): DurableEvent => {
    const workflow = slugs.get(jobId) ?? "";
    return { type: "job.queued", jobId, version: 1, attempt: 0, at: feed.at, workflow, batchId };
  });
  return appendEvents(tx, feed, events);
}
