import type { OwnedEvent } from "@darkroom/contracts";
import type { Database } from "./client.ts";

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

/** The last sequence number of each owner; 0 for one without events. One query, however many owners. */
export async function readFeedHeads({ sql }: Database, ownerIds: readonly string[]): Promise<Map<string, number>> {
  const heads = new Map(ownerIds.map((ownerId) => [ownerId, 0]));
  if (ownerIds.length === 0) return heads;
  const rows = await sql<{ ownerId: string; seq: number }[]>`
    SELECT owner_id AS "ownerId", seq FROM owner_feeds WHERE owner_id = ANY(${[...ownerIds]}::uuid[])`;
  for (const { ownerId, seq } of rows) heads.set(ownerId, seq);
  return heads;
}
