import type { FeedEvent, OwnedEvent } from "@darkroom/contracts";
import { isoClock, jsonText } from "../postgres/sql.ts";
import { step } from "../postgres/steps.ts";
import type { Transaction } from "../postgres/transaction.ts";

/** An owner whose feed this transaction holds. */
export interface LockedFeed {
  readonly ownerId: string;
  /** The transaction's time, for the events. */
  readonly at: string;
}
export interface LockedJobFeed extends LockedFeed {
  readonly batchId: string | null;
}

/** Locks an owner's feed row, the first lock of every transition; null if the owner has none. */
export async function lockFeed(tx: Transaction, ownerId: string): Promise<LockedFeed | null> {
  const [row] = await tx<LockedFeed[]>`
    SELECT owner_id AS "ownerId", ${isoClock(tx)} AS at FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
  return row ?? null;
}

/** Locks the feed of the job's owner, then its batch; null if there is no such job. */
export async function lockFeedOfJob(tx: Transaction, jobId: string): Promise<LockedJobFeed | null> {
  const [row] = await tx<LockedJobFeed[]>`
    SELECT f.owner_id AS "ownerId", j.batch_id AS "batchId", ${isoClock(tx)} AS at
    FROM jobs j JOIN owner_feeds f ON f.owner_id = j.owner_id
    WHERE j.id = ${jobId} FOR UPDATE OF f`;
  if (row === undefined) return null;
  if (row.batchId !== null) await lockBatches(tx, [row.batchId]);
  return row;
}

/** Locks them by id until the transaction ends; after the feed, before jobs. */
export async function lockBatches(tx: Transaction, batchIds: readonly string[]): Promise<void> {
  if (batchIds.length === 0) return;
  await tx`SELECT 1 FROM batches WHERE id = ANY(${[...batchIds]}::uuid[]) ORDER BY id FOR UPDATE`;
}

/** Gives the events the owner's next sequence numbers and stores them (`append-events.sql`). The feed must be locked. */
export async function appendEvents(
  tx: Transaction,
  feed: LockedFeed,
  events: readonly FeedEvent[],
): Promise<OwnedEvent[]> {
  if (events.length === 0) return [];
  const [{ first }] = await tx<[{ first: number }]>`
    SELECT (${step(tx, "append_events")}(ARRAY[${feed.ownerId}::uuid], ARRAY[${jsonText(events)}::text::jsonb]))[1] AS first`;
  return numbered(feed.ownerId, first, events);
}

/** Events with the owner's numbers, the first of which is `first`. */
export function numbered(ownerId: string, first: number, events: readonly FeedEvent[]): OwnedEvent[] {
  return events.map((event, index) => ({ ownerId, ownerSeq: first + index, event }));
}
