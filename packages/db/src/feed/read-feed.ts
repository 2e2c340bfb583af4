import type { OwnedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";

/**
 * The durable events after each owner's cursor, in order, without gaps and at most `limit` per owner. If the first one is
 * not the cursor's successor, what lay between is older than retention.
 */
export async function readFeed(
  { sql }: Database,
  request: { cursors: readonly { ownerId: string; afterSeq: number }[]; limit: number },
): Promise<OwnedEvent[]> {
  if (request.cursors.length === 0) return [];
  return sql<OwnedEvent[]>`
    SELECT e.owner_id AS "ownerId", e.owner_seq AS "ownerSeq", e.payload AS event
    FROM unnest(${request.cursors.map(({ ownerId }) => ownerId)}::uuid[],
      ${request.cursors.map(({ afterSeq }) => afterSeq)}::bigint[]) AS c (owner_id, after_seq)
    CROSS JOIN LATERAL (
      SELECT * FROM job_events WHERE owner_id = c.owner_id AND owner_seq > c.after_seq
      ORDER BY owner_seq LIMIT ${request.limit}) e
    ORDER BY e.owner_id, e.owner_seq`;
}

/** The end of an owner's feed. */
export interface FeedTail {
  /** The last sequence number; 0 for an owner without events. */
  readonly head: number;
  /** The events up to it, in order; what retention has taken is missing. */
  readonly events: readonly OwnedEvent[];
}

/** The last `limit` events of each owner and where they end, of one moment. One query, however many owners. */
export async function readFeedTails(
  { sql }: Database,
  request: { ownerIds: readonly string[]; limit: number },
): Promise<Map<string, FeedTail>> {
  const tails = new Map(request.ownerIds.map((ownerId) => [ownerId, { head: 0, events: [] as OwnedEvent[] }]));
  if (tails.size === 0) return tails;
  const rows = await sql<{ ownerId: string; head: number; ownerSeq: number | null; event: OwnedEvent["event"] }[]>`
    SELECT f.owner_id AS "ownerId", f.seq AS head, e.owner_seq AS "ownerSeq", e.payload AS event
    FROM owner_feeds f
    LEFT JOIN LATERAL (
      SELECT * FROM job_events
      WHERE owner_id = f.owner_id AND owner_seq > f.seq - ${request.limit} AND owner_seq <= f.seq
      ORDER BY owner_seq DESC LIMIT ${request.limit}) e ON true
    WHERE f.owner_id = ANY(${[...tails.keys()]}::uuid[]) ORDER BY f.owner_id, e.owner_seq`;
  for (const { ownerId, head, ownerSeq, event } of rows) {
    const tail = tails.get(ownerId);
    if (tail === undefined) continue;
    tail.head = head;
    if (ownerSeq !== null) tail.events.push({ ownerId, ownerSeq, event });
  }
  return tails;
}

/** The last sequence number of each owner; 0 for one without events. One query, however many owners. */
export async function readFeedHeads({ sql }: Database, ownerIds: readonly string[]): Promise<Map<string, number>> {
  const heads = new Map(ownerIds.map((ownerId) => [ownerId, 0]));
  if (ownerIds.length === 0) return heads;
  const rows = await sql<{ ownerId: string; seq: number }[]>`
    SELECT owner_id AS "ownerId", seq FROM owner_feeds WHERE owner_id = ANY(${[...ownerIds]}::uuid[])`;
  for (const { ownerId, seq } of rows) heads.set(ownerId, seq);
  return heads;
}
