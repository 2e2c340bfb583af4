import type { FeedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";

/** Webhooks, and events of each, that one call plans for. */
const WEBHOOKS_AT_ONCE = 20;
const EVENTS_AT_ONCE = 200;
/** How long a process has for one attempt; after that another one sends it again, under the same id. */
const LOCK_SECONDS = 30;
/** A delivery is given up after so long. */
const GIVE_UP_HOURS = 24;

/**
 * Plans deliveries of what has happened: reads on in the feed of each webhook's owner, and moves its cursor on in the same
 * statement, so that each event is planned once. The feed is the outbox: its events are written in the transactions that
 * they tell of. Answers how many events were read, and the webhooks that something planned before is to be sent to now.
 */
export async function planDeliveries({ sql }: Database): Promise<{ readonly events: number; readonly due: string[] }> {
  const [row] = await sql<[{ events: number; due: string[] }]>`
    WITH due AS (
      SELECT w.* FROM webhooks w JOIN owner_feeds f ON f.owner_id = w.owner_id
      WHERE w.is_enabled AND f.seq > w.cursor ORDER BY w.id LIMIT ${WEBHOOKS_AT_ONCE} FOR UPDATE OF w SKIP LOCKED
    ), read AS (
      SELECT due.id AS webhook_id, due.events, due.workflows, e.owner_seq, e.job_id, e.type, e.payload
      FROM due CROSS JOIN LATERAL (
        SELECT * FROM job_events WHERE owner_id = due.owner_id AND owner_seq > due.cursor
        ORDER BY owner_seq LIMIT ${EVENTS_AT_ONCE}) e
    ), moved AS (
      UPDATE webhooks SET cursor = last.seq
      FROM (SELECT webhook_id, max(owner_seq) AS seq FROM read GROUP BY webhook_id) last WHERE id = last.webhook_id
    ), planned AS (
      INSERT INTO webhook_deliveries (id, webhook_id, owner_seq, job_id, type, event, state, created_at, next_at)
      SELECT gen_random_uuid(), read.webhook_id, owner_seq, read.job_id, type, payload, 'waiting', now(), now()
      FROM read LEFT JOIN jobs j ON j.id = read.job_id LEFT JOIN workflows w ON w.id = j.workflow_id
      WHERE (read.events IS NULL OR read.type = ANY(read.events))
        -- What is about no job is of no workflow: it is told to a webhook of some workflows only where it is named.
        AND (read.workflows IS NULL OR w.slug = ANY(read.workflows) OR (read.job_id IS NULL AND read.type = ANY(read.events)))
    )
    SELECT (SELECT count(*) FROM read)::int AS events, coalesce((
      SELECT jsonb_agg(DISTINCT d.webhook_id) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
      WHERE d.state = 'waiting' AND d.next_at <= now() AND (d.locked_until IS NULL OR d.locked_until < now())
        AND w.is_enabled), '[]') AS due`;
  return row;
}

/** A delivery that this process is to send. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly ownerId: string;
  readonly url: string;
  readonly rotation: number;
  readonly jobId: string | null;
  readonly event: FeedEvent;
  /** What was sent the first time; null before that. */
  readonly body: string | null;
  /** This one included. */
  readonly attempt: number;
}

/**
 * Claims up to `limit` deliveries of one webhook. Of each job the oldest that waits, and no other while that one is on its
 * way: each job's events arrive in their order, and no job holds up another. What is about no job is in order, too.
 */
export async function claimDeliveries(
  { sql }: Database,
  { webhookId, limit }: { webhookId: string; limit: number },
): Promise<ClaimedDelivery[]> {
  return sql<ClaimedDelivery[]>`
    WITH due AS (
      SELECT id FROM webhook_deliveries d
      WHERE webhook_id = ${webhookId} AND state = 'waiting' AND next_at <= now()
        AND (locked_until IS NULL OR locked_until < now())
        AND NOT EXISTS (
          SELECT 1 FROM webhook_deliveries earlier WHERE earlier.webhook_id = d.webhook_id AND earlier.job_id = d.job_id
            AND earlier.state = 'waiting' AND earlier.owner_seq < d.owner_seq)
        AND (job_id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM webhook_deliveries earlier WHERE earlier.webhook_id = d.webhook_id AND earlier.job_id IS NULL
            AND earlier.state = 'waiting' AND earlier.owner_seq < d.owner_seq))
      ORDER BY owner_seq LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_deliveries d
    SET attempts = attempts + 1, locked_until = now() + make_interval(secs => ${LOCK_SECONDS})
    FROM due, webhooks w WHERE d.id = due.id AND w.id = d.webhook_id
    RETURNING d.id AS "deliveryId", d.webhook_id AS "webhookId", w.owner_id AS "ownerId", w.url, w.rotation,
      d.job_id AS "jobId", d.event, d.body, d.attempts AS attempt`;
}

/** What came of an attempt. */
export interface DeliveryResult {
  readonly deliveryId: string;
  readonly attempt: number;
  readonly body: string;
  /** HTTP's; null if there was no answer. */
  readonly status: number | null;
  /** The answer's beginning, or why there was none. */
  readonly answer: string;
  readonly latencyMs: number;
  /** Seconds until the next attempt; null: it was delivered. */
  readonly retryInSeconds: number | null;
  /** The address is gone for good: the webhook is switched off. */
  readonly isGone: boolean;
}

/** Writes down an attempt; nothing changes if another process has sent it again meanwhile. */
export async function settleDelivery({ sql }: Database, result: DeliveryResult): Promise<void> {
  const { deliveryId, attempt, body, status, answer, latencyMs, retryInSeconds, isGone } = result;
  await sql`
    WITH settled AS (
      UPDATE webhook_deliveries SET locked_until = NULL, sent_at = now(), body = ${body}, status = ${status},
        answer = ${answer}, latency_ms = ${latencyMs},
        next_at = now() + make_interval(secs => ${retryInSeconds ?? 0}),
        state = CASE WHEN ${retryInSeconds === null} THEN 'delivered'
          WHEN created_at < now() - make_interval(hours => ${GIVE_UP_HOURS}) THEN 'failed' ELSE 'waiting' END
      WHERE id = ${deliveryId} AND attempts = ${attempt} RETURNING webhook_id, job_id, owner_seq, state
    ), gone AS (
      UPDATE webhooks SET is_enabled = false FROM settled WHERE ${isGone} AND webhooks.id = settled.webhook_id
    )
    -- What comes after it waits with it, so that nobody looks at it meanwhile.
    UPDATE webhook_deliveries d SET next_at = greatest(d.next_at, now() + make_interval(secs => ${retryInSeconds ?? 0}))
    FROM settled WHERE settled.state = 'waiting' AND d.webhook_id = settled.webhook_id
      AND (d.job_id = settled.job_id OR (d.job_id IS NULL AND settled.job_id IS NULL))
      AND d.state = 'waiting' AND d.owner_seq > settled.owner_seq`;
}
