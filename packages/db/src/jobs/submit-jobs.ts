import { isDeepStrictEqual } from "node:util";
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
import { numbered } from "../feed/append-events.ts";
import { wasRemoved } from "../feed/hold-owner.ts";
import { countedAddress } from "../owners/counted-address.ts";
import { insertOwner } from "../owners/owners.ts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { searchTextOf } from "../reads/search-text.ts";
import {
  checkDepth,
  checkLimits,
  checkStored,
  type Depth,
  lastDepth,
  queueFull,
  readUsage,
  remainingAfter,
  rememberDepth,
  type SubmitLimits,
  type Usage,
} from "./submit-limits.ts";

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
  /** The API key that asks; null or left out: none. */
  readonly apiKeyId?: string | null;
  /** Null: nothing refuses it and it does not count as a submit, for what operators do on an owner's behalf. */
  readonly limits: SubmitLimits | null;
  readonly jobs: readonly NewJob[];
  /** A new id, or that of one of the owner's batches, which the jobs then join. */
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

/** What `submit.sql` answers. */
type Answer =
  | {
      readonly type: "stored";
      readonly firstSeq: number;
      readonly events: DurableEvent[];
      readonly usages: Used[];
      readonly depth: Depth | null;
    }
  | { readonly type: "known"; readonly jobs: KnownJob[]; readonly usages: Used[] }
  | { readonly type: "refused" | "full" | "removed" | "no-owner" | "no-batch" };

type Used = Omit<Usage, "subject">;
type KnownJob = SubmittedJob &
  Pick<NewJob, "inputsHash" | "priority" | "metadata"> & { readonly key: string; readonly isRemoved: boolean };

/** How often a submit is tried that was refused, when by then there was room again. */
const TRIES = 3;

/**
 * Stores a submit, one job or a batch, in one transaction, and makes its owner's row if it has none yet.
 * A submission whose idempotency keys are all known is answered with the jobs they gave before any limit is looked at.
 *
 * @throws DarkroomError `IDEMPOTENCY_CONFLICT` if a key is known with another request, `RATE_LIMITED`, `QUOTA_EXCEEDED` or
 * `QUEUE_FULL` (with `retryAfterSeconds`) if a limit refuses it, `UNAUTHENTICATED` if its owner was removed, `NOT_FOUND` if the
 * batch is somebody else's.
 */
export async function submitJobs(database: Database, submission: Submission): Promise<StoredSubmit> {
  for (let tries = 1; ; tries += 1) {
    const answer = await store(database, submission);
    switch (answer.type) {
      case "stored":
        return stored(submission, answer);
      case "known":
        return {
          created: false,
          jobs: knownJobs(submission, answer.jobs),
          remaining: remainingOf(submission, answer.usages, 0),
          events: [],
          entries: [],
        };
      case "removed":
        throw wasRemoved();
      case "no-owner":
        await makeOwner(database, submission);
        continue;
      case "no-batch":
        throw new DarkroomError("NOT_FOUND", "There is no such batch of yours.");
      case "refused":
      case "full":
        await explainRefusal(database, submission);
        // By now there is room: something ended, or left the window of a limit, since it was refused.
        if (tries >= TRIES) throw queueFull(submission.limits?.maxWaiting ?? 0);
    }
  }
}

async function store(database: Database, submission: Submission): Promise<Answer> {
  const { ownerId, addressKey, limits, jobs, batchId = null, requestId = null, apiKeyId = null } = submission;
  const asked = {
    ...{ ownerId, addressKey, limits, batchId, requestId, apiKeyId, depth: lastDepth(database) },
    jobs: jobs.map((job) => ({ ...job, key: keyOf(job), searchText: searchTextOf(job.inputs) })),
  };
  const answer = await database.steps.submit<Answer>(asked);
  if (answer.type === "stored" && answer.depth !== null) rememberDepth(database, answer.depth);
  return answer;
}

function stored(
  submission: Submission,
  { firstSeq, events, usages }: Extract<Answer, { type: "stored" }>,
): StoredSubmit {
  const { ownerId, jobs, batchId = null } = submission;
  return {
    created: true,
    jobs: jobs.map(({ jobId }) => ({ jobId, batchId, state: "queued", version: 1 })),
    remaining: remainingOf(submission, usages, jobs.length),
    events: numbered(ownerId, firstSeq, events),
    entries: jobs.map(({ jobId, priority, capabilityKey, modelKey }) => {
      return { jobId, ownerId, priority, capabilityKey, modelKey };
    }),
  };
}

const remainingOf = ({ limits }: Submission, usages: readonly Used[], adding: number): Remaining | null =>
  limits && remainingAfter(usages, { limits, adding });

async function makeOwner(database: Database, submission: Submission): Promise<void> {
  const { ownerId, ownerKind: kind, displayName = null } = submission;
  await inTransaction(database, (tx) => insertOwner(tx, { ownerId, kind, displayName, accountId: null }));
}

/** A job without a key of its own is its own key. */
const keyOf = (job: NewJob): string => job.idempotencyKey ?? job.jobId;

/** The jobs that the submission's keys gave before. */
function knownJobs(submission: Submission, known: readonly KnownJob[]): SubmittedJob[] {
  const byKey = new Map(known.map((job) => [job.key, job]));
  return submission.jobs.map((asked) => {
    const job = byKey.get(keyOf(asked));
    if (job === undefined || !isSameRequest(job, asked)) throw otherRequest();
    const { jobId, batchId, state, version } = job;
    return { jobId, batchId, state, version };
  });
}

function isSameRequest(known: KnownJob, asked: NewJob): boolean {
  if (known.inputsHash !== asked.inputsHash || known.priority !== asked.priority) return false;
  // The removal of a job takes its metadata: nothing is left to compare with.
  return known.isRemoved || isDeepStrictEqual(known.metadata, asStored(asked.metadata));
}

/** A JSON value as Postgres gives it back. */
const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A key stands for one request: whoever sends another under it would take the first one's answer for the second's. */
export const otherRequest = (): DarkroomError =>
  new DarkroomError(
    "IDEMPOTENCY_CONFLICT",
    "This idempotency key was used for another request. Use a new key for a new request.",
  );

/** Throws the error that says which limit refuses the submission now, and when to ask again. */
async function explainRefusal(database: Database, submission: Submission): Promise<void> {
  const { ownerId, limits, jobs } = submission;
  if (limits === null) return;
  const adding = jobs.length;
  await inTransaction(database, async (tx) => {
    const addressKey = await countedAddress(tx, submission);
    const subjects = [{ ownerId }, ...(addressKey === null ? [] : [{ addressKey }])];
    for (const subject of subjects) await checkLimits(tx, await readUsage(tx, subject), { limits, adding });
    await checkStored(tx, { ownerId, limits });
    await checkDepth(tx, { maxWaiting: limits.maxWaiting, adding });
  });
}
