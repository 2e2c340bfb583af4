import { DarkroomError, plural, type Remaining } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { interval } from "../postgres/sql.ts";
import { step } from "../postgres/steps.ts";
import type { Transaction } from "../postgres/transaction.ts";
import { readStoredBytes, storageFull } from "../usage/stored-bytes.ts";

/** What one owner, and all guests of one address, may ask for. */
export interface SubmitLimits {
  readonly submitsPerMinute: number;
  readonly generationsPerHour: number;
  readonly maxWaitingPerOwner: number;
  readonly maxWaiting: number;
  /** How many bytes of a person's files may be kept before nothing more is taken; null: any number. */
  readonly storedBytesPerOwner: number | null;
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
  usages: readonly Omit<Usage, "subject">[],
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

/** What a subject has used (`usage.sql`). Exact only while the owner's feed row (and the address' advisory lock) is held: without it others could add meanwhile. */
export async function readUsage(tx: Transaction, subject: Subject): Promise<Usage> {
  const used =
    "ownerId" in subject
      ? tx`${step(tx, "usage_of")}(${subject.ownerId})`
      : tx`${step(tx, "usage_at")}(${subject.addressKey})`;
  const [usage] = await tx<[Omit<Usage, "subject">]>`SELECT submits, generations, waiting FROM ${used}`;
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
    const message = `You can submit ${plural(limits.submitsPerMinute, "time")} a minute.`;
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
    const left = Math.max(0, limits.generationsPerHour - usage.generations);
    const message = `You can make ${plural(limits.generationsPerHour, "generation")} an hour, and have ${left} left.`;
    throw new DarkroomError("QUOTA_EXCEEDED", message, { retryAfterSeconds });
  }
  if (usage.waiting + adding > limits.maxWaitingPerOwner) {
    const message = `${usage.waiting} of your jobs are waiting already; the most is ${limits.maxWaitingPerOwner}.`;
    throw new DarkroomError("QUEUE_FULL", message, { retryAfterSeconds: queueFullRetrySeconds });
  }
}

/** Throws if so much of the owner is kept that nothing more is taken. A job that is taken ends, however much it makes. */
export async function checkStored(
  tx: Transaction,
  { ownerId, limits }: { readonly ownerId: string; readonly limits: Pick<SubmitLimits, "storedBytesPerOwner"> },
): Promise<void> {
  const most = limits.storedBytesPerOwner;
  if (most === null) return;
  const used = await readStoredBytes(tx, ownerId);
  if (used >= most) throw storageFull({ used, most }, "job");
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

/** Throws if the whole queue cannot take `adding` more jobs. What others add at this moment is not seen; `has-room.sql` is exact. */
export async function checkDepth(
  tx: Transaction,
  { maxWaiting, adding }: { maxWaiting: number; adding: number },
): Promise<void> {
  const [{ waiting }] = await tx<[{ waiting: number }]>`
    SELECT count(*) AS waiting FROM (SELECT 1 FROM jobs WHERE state = 'queued' LIMIT ${maxWaiting + 1}) AS counted`;
  if (waiting + adding > maxWaiting) throw queueFull(maxWaiting);
}

export function queueFull(maxWaiting: number): DarkroomError {
  const message = `The queue holds ${maxWaiting} jobs, and they are waiting already.`;
  return new DarkroomError("QUEUE_FULL", message, { retryAfterSeconds: queueFullRetrySeconds });
}

/** What waited when the queue was last counted, and how many jobs had ever been added by then. */
export interface Depth {
  readonly waiting: number;
  readonly added: number;
}

const depths = new WeakMap<Database, Depth>();

/** The last count that a submit through this database needed, so that the next one needs none (`has-room.sql`); null: none yet. */
export function lastDepth(database: Database): Depth | null {
  return depths.get(database) ?? null;
}

export function rememberDepth(database: Database, depth: Depth): void {
  depths.set(database, depth);
}
