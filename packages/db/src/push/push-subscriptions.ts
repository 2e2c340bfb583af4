import { DarkroomError } from "@darkroom/contracts";
import { holdOwner } from "../feed/hold-owner.ts";
import type { Database } from "../postgres/client.ts";
import { interval } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** More browsers than anybody uses; each is looked at every second. */
const MAX_PER_OWNER = 20;
/** How long a process has to tell one; after that another one does. */
const LOCK_SECONDS = 30;
/** What ended longer ago is no news: it is passed over. */
const NEWS_MINUTES = 60;

/** Where a browser is told, and the keys by which only it can read that; as its `PushSubscription` has them. */
export interface PushAddress {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** A job that ended and that nobody was told of. */
export interface EndedJob {
  readonly jobId: string;
  readonly type: "job.succeeded" | "job.failed";
  readonly at: string;
  readonly workflow: string;
  readonly prompt: string | null;
}

/** A browser that is due. */
export interface DuePush extends PushAddress {
  readonly subscriptionId: string;
  readonly ownerId: string;
  /** Where its owner's feed stands: where it goes on once this was told. */
  readonly head: number;
  readonly failures: number;
  /** Oldest first; empty if nothing of what happened is to be told. */
  readonly ended: readonly EndedJob[];
}

/**
 * Stores a browser's address for its owner, who must exist, or makes it theirs. It is told of what ends from now on.
 *
 * @throws DarkroomError `QUOTA_EXCEEDED` if the owner has as many as there may be, `UNAUTHENTICATED` if they were removed
 */
export function savePushSubscription(
  database: Database,
  { subscriptionId, ownerId, endpoint, p256dh, auth }: PushAddress & { subscriptionId: string; ownerId: string },
): Promise<void> {
  return inTransaction(database, async (tx) => {
    const seq = await holdOwner(tx, ownerId);
    const others = await tx`
      SELECT 1 FROM push_subscriptions WHERE owner_id = ${ownerId} AND endpoint <> ${endpoint}`;
    if (others.length >= MAX_PER_OWNER) {
      const message = `${MAX_PER_OWNER} browsers of yours are told already, which is the most. Switch it off in one first.`;
      throw new DarkroomError("QUOTA_EXCEEDED", message);
    }
    await tx`
      INSERT INTO push_subscriptions (id, owner_id, endpoint, p256dh, auth, cursor)
      VALUES (${subscriptionId}, ${ownerId}, ${endpoint}, ${p256dh}, ${auth}, ${seq})
      ON CONFLICT (endpoint) DO UPDATE SET p256dh = EXCLUDED.p256dh, auth = EXCLUDED.auth, owner_id = EXCLUDED.owner_id,
        cursor = CASE WHEN push_subscriptions.owner_id = EXCLUDED.owner_id THEN push_subscriptions.cursor ELSE EXCLUDED.cursor END,
        failures = 0, next_at = now()`;
  });
}

/** Forgets a browser's address; false if these owners have no such one. Without owners: whoever's it is. */
export async function removePushSubscription(
  { sql }: Database,
  { endpoint, ownerIds }: { readonly endpoint: string; readonly ownerIds: readonly string[] | null },
): Promise<boolean> {
  const isTheirs = ownerIds === null ? sql`true` : sql`owner_id = ANY(${[...ownerIds]}::uuid[])`;
  const rows = await sql`DELETE FROM push_subscriptions WHERE endpoint = ${endpoint} AND ${isTheirs} RETURNING id`;
  return rows.length > 0;
}

/**
 * Takes up to `limit` browsers in whose owners' feeds something happened, with what ended. The feed is the outbox, as of webhooks: a process
 * that dies with one leaves its cursor where it was, and another one tells it after 30 s.
 */
export async function claimPushes({ sql }: Database, { limit }: { readonly limit: number }): Promise<DuePush[]> {
  return sql<DuePush[]>`
    WITH due AS (
      SELECT s.id, s.cursor AS after, f.seq AS head FROM push_subscriptions s JOIN owner_feeds f ON f.owner_id = s.owner_id
      WHERE f.seq > s.cursor AND s.next_at <= now() ORDER BY s.id LIMIT ${limit} FOR UPDATE OF s SKIP LOCKED
    ), taken AS (
      UPDATE push_subscriptions s SET next_at = now() + ${interval(sql, LOCK_SECONDS)} FROM due WHERE s.id = due.id
      RETURNING s.*, due.after, due.head
    )
    SELECT t.id AS "subscriptionId", t.owner_id AS "ownerId", t.endpoint, t.p256dh, t.auth, t.head, t.failures, coalesce((
      SELECT jsonb_agg(jsonb_build_object('jobId', e.job_id, 'type', e.type, 'at', e.payload->>'at', 'workflow', w.name, 'prompt', j.inputs->>'prompt')
        ORDER BY e.owner_seq)
      FROM job_events e JOIN jobs j ON j.id = e.job_id JOIN workflows w ON w.id = j.workflow_id
      WHERE e.owner_id = t.owner_id AND e.owner_seq > t.after AND e.owner_seq <= t.head
        AND e.type IN ('job.succeeded', 'job.failed') AND e.at > now() - make_interval(mins => ${NEWS_MINUTES})), '[]') AS ended
    FROM taken t`;
}

/**
 * Writes down how it went: told up to `head`, or (null) to be tried again `inSeconds` from now.
 *
 * @param failures In a row, this one included
 */
export async function settlePush(
  { sql }: Database,
  settled: { subscriptionId: string; head: number | null; inSeconds: number; failures: number },
): Promise<void> {
  const { subscriptionId, head, inSeconds, failures } = settled;
  await sql`
    UPDATE push_subscriptions SET cursor = greatest(cursor, ${head ?? 0}), next_at = now() + ${interval(sql, inSeconds)},
      failures = ${failures}
    WHERE id = ${subscriptionId}`;
}
