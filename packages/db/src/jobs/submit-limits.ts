import { DarkroomError, type Remaining } from "@darkroom/contracts";
import { interval } from "../postgres/sql.ts";
import type { Transaction } from "../postgres/transaction.ts";

/** What one owner, and all guests of one address, may ask for. */
export interface SubmitLimits {
  readonly submitsPerMinute: number;
  readonly generationsPerHour: number;
  readonly maxWaitingPerOwner: number;
  readonly maxWaiting: number;
}

/** Whose usage counts: an owner's, or that of every guest at one address. */
type Subject = { readonly ownerId: string } | { readonly addressKey: string };

/** What a subject has used of each limit. */
export interface Usage {
  readonly subject: Subject;
  readonly submits: number;
  readonly generations: number;
  readonly waiting: number;
}

const minute = 60;
const hour = 3600;

/** What remains of the limits for all of the subjects after a submit of `adding` jobs; 0: after none. */
export function remainingAfter(
  usages: readonly Usage[],
  { limits, adding }: { limits: SubmitLimits; adding: number },
): Remaining {
  const submit = adding > 0 ? 1 : 0;
  const submits = usages.map((usage) => limits.submitsPerMinute - usage.submits - submit);
  const generations = usages.map((usage) => limits.generationsPerHour - usage.generations - adding);
  return { submits: Math.max(0, Math.min(...submits)), generations: Math.max(0, Math.min(...generations)) };
}

const isSubject = (tx: Transaction, subject: Subject) =>
  "ownerId" in subject ? tx`owner_id = ${subject.ownerId}` : tx`address_key = ${subject.addressKey}`;

/** Failed and canceled jobs are given back. Named are the others, because an index is asked for what is, not for what is not. */
const isCounted = (tx: Transaction) => tx`state IN ('queued', 'running', 'canceling', 'succeeded')`;

/** Exact only while the owner's feed row (and the address' advisory lock) is held: without it others could add meanwhile. */
export async function readUsage(tx: Transaction, subject: Subject): Promise<Usage> {
  const [usage] = await tx<Omit<Usage, "subject">[]>`
    SELECT
      (SELECT count(*) FROM submits WHERE ${isSubject(tx, subject)} AND at > now() - ${interval(tx, minute)}) AS submits,
      (SELECT count(*) FROM jobs WHERE ${isSubject(tx, subject)} AND created_at > now() - ${interval(tx, hour)}
        AND ${isCounted(tx)}) AS generations,
      (SELECT count(*) FROM jobs WHERE ${isSubject(tx, subject)} AND state = 'queued') AS waiting`;
  if (usage === undefined) throw new Error("a count is never empty");
  return { subject, ...usage };
}

/** Throws if `adding` jobs would exceed a limit of this subject. */
export async function checkLimits(
  tx: Transaction,
  usage: Usage,
  { limits, adding }: { limits: SubmitLimits; adding: number },
): Promise<void> {
  const { subject } = usage;
  const submitsOver = usage.submits + 1 - limits.submitsPerMinute;
  if (submitsOver > 0) {
    const retryAfterSeconds = await untilFree(
      tx,
      tx`SELECT at FROM submits WHERE ${isSubject(tx, subject)} AND at > now() - ${interval(tx, minute)}`,
      { over: submitsOver, windowSeconds: minute },
    );
    const message = `You can submit ${limits.submitsPerMinute} times a minute.`;
    throw new DarkroomError("RATE_LIMITED", message, { retryAfterSeconds });
  }
  const generationsOver = usage.generations + adding - limits.generationsPerHour;
  if (generationsOver > 0) {
    const retryAfterSeconds = await untilFree(
      tx,
      tx`SELECT created_at AS at FROM jobs WHERE ${isSubject(tx, subject)} AND ${isCounted(tx)}
        AND created_at > now() - ${interval(tx, hour)}`,
      { over: generationsOver, windowSeconds: hour },
    );
    const message = `You can make ${limits.generationsPerHour} generations an hour, and ${Math.max(0, limits.generationsPerHour - usage.generations)} are left.`;
    throw new DarkroomError("QUOTA_EXCEEDED", message, { retryAfterSeconds });
  }
  if (usage.waiting + adding > limits.maxWaitingPerOwner) {
    const message = `${usage.waiting} of your jobs are waiting already; the most is ${limits.maxWaitingPerOwner}.`;
    throw new DarkroomError("QUEUE_FULL", message, { retryAfterSeconds: queueFullRetrySeconds });
  }
}

/** Nobody knows when a waiting job starts; this is often enough to ask again. */
const queueFullRetrySeconds = 10;

/**
 * Seconds, at least 1, until the `over`-th oldest of the counted rows leaves the window. If fewer are counted, the wish
 * is larger than the limit itself, and a whole window is the answer.
 */
async function untilFree(
  tx: Transaction,
  counted: ReturnType<typeof isSubject>,
  facts: { over: number; windowSeconds: number },
): Promise<number> {
  const { over, windowSeconds } = facts;
  const [row] = await tx<{ seconds: number }[]>`
    SELECT ceil(extract(epoch FROM at + ${interval(tx, windowSeconds)} - now()))::int AS seconds
    FROM (${counted}) AS counted ORDER BY at OFFSET ${over - 1} LIMIT 1`;
  return Math.max(1, row?.seconds ?? windowSeconds);
}

/** More jobs than all submits under way at one moment add. */
const depthMargin = 1000;

/** How many jobs wait in all, counted up to `maxWaiting` + 1; what others add at this moment is not in it. */
export async function readDepth(tx: Transaction, maxWaiting: number): Promise<number> {
  const [row] = await tx<{ waiting: number }[]>`
    SELECT count(*) AS waiting FROM (SELECT 1 FROM jobs WHERE state = 'queued' LIMIT ${maxWaiting + 1}) AS counted`;
  return row?.waiting ?? 0;
}

/**
 * Throws if the whole queue is full. Exact: near the bound submits go one after the other, by a lock that is taken last
 * and held to the end of the transaction; far from it none of them waits for another owner's.
 */
export async function checkDepth(
  tx: Transaction,
  facts: { waiting: number; maxWaiting: number; adding: number },
): Promise<void> {
  const { waiting, maxWaiting, adding } = facts;
  if (waiting + adding + depthMargin <= maxWaiting) return;
  await tx`SELECT pg_advisory_xact_lock(hashtextextended('queue depth', 0))`;
  if ((await readDepth(tx, maxWaiting)) + adding <= maxWaiting) return;
  const message = `The queue holds ${maxWaiting} jobs, and they are waiting already.`;
  throw new DarkroomError("QUEUE_FULL", message, { retryAfterSeconds: queueFullRetrySeconds });
}
