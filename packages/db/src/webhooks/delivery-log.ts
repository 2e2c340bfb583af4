import { DarkroomError, type FeedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost, isUuid } from "../postgres/sql.ts";

/** One event for one address, as its owner sees it. */
export interface WebhookDelivery {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly jobId: string | null;
  readonly type: FeedEvent["type"];
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly createdAt: string;
  /** When it is sent next; null once nothing more is. */
  readonly nextAt: string | null;
  /** Of the last attempt: when, what was sent, what came back (its first kilobyte) and after how long. */
  readonly sentAt: string | null;
  readonly request: string | null;
  /** HTTP's; null if there was no answer: `answer` says why. */
  readonly status: number | null;
  readonly answer: string | null;
  readonly latencyMs: number | null;
}
type DeliveryRow = Omit<WebhookDelivery, "createdAt" | "nextAt" | "sentAt"> & {
  readonly createdAt: Date;
  readonly nextAt: Date;
  readonly sentAt: Date | null;
  readonly ownerSeq: number;
};

/** The deliveries of a webhook of these owners, those of the newest events first; null if they have no such webhook. */
export async function listDeliveries(
  { sql }: Database,
  filter: { webhookId: string; ownerIds: readonly string[]; limit: number; cursor?: string | null | undefined },
): Promise<{ readonly items: readonly WebhookDelivery[]; readonly nextCursor: string | null } | null> {
  const { webhookId, ownerIds, limit } = filter;
  if (!isUuid(webhookId)) return null;
  const before = sequenceOf(filter.cursor);
  const own = await sql`SELECT 1 FROM webhooks WHERE id = ${webhookId} AND owner_id = ANY(${[...ownerIds]}::uuid[])`;
  if (own.length === 0) return null;
  const rows = await sql<DeliveryRow[]>`
    SELECT id AS "deliveryId", webhook_id AS "webhookId", job_id AS "jobId", type, state, attempts,
      created_at AS "createdAt", next_at AS "nextAt", sent_at AS "sentAt", body AS request, status, answer,
      latency_ms AS "latencyMs", owner_seq AS "ownerSeq"
    FROM webhook_deliveries WHERE webhook_id = ${webhookId} AND owner_seq < ${before}
    ORDER BY owner_seq DESC ${atMost(sql, limit + 1)}`;
  const items = rows.slice(0, limit).map(
    ({ ownerSeq: _, ...row }): WebhookDelivery => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      nextAt: row.state === "waiting" ? row.nextAt.toISOString() : null,
      sentAt: row.sentAt?.toISOString() ?? null,
    }),
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items, nextCursor: last === undefined ? null : String(last.ownerSeq) };
}

/** The place in the feed that a page ended at. @throws DarkroomError `INPUT_INVALID` for what no page of ours gave */
function sequenceOf(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const fields = [{ path: "cursor", message: "must be the nextCursor of a page" }];
  throw new DarkroomError("INPUT_INVALID", "This cursor is not one of ours.", { fields });
}

/** Has a delivery sent again, now, under the id that it has; false if the owners have no such delivery. */
export async function redeliver(
  { sql }: Database,
  { deliveryId, ownerIds }: { deliveryId: string; ownerIds: readonly string[] },
): Promise<boolean> {
  if (!isUuid(deliveryId)) return false;
  const rows = await sql`
    UPDATE webhook_deliveries d SET state = 'waiting', next_at = now(), created_at = now()
    FROM webhooks w
    WHERE d.id = ${deliveryId} AND w.id = d.webhook_id AND w.owner_id = ANY(${[...ownerIds]}::uuid[]) RETURNING d.id`;
  return rows.length > 0;
}
