import { DarkroomError, type FeedEvent } from "@darkroom/contracts";
import { holdOwner } from "../feed/hold-owner.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** More than any service needs; each is looked at every second. */
const MAX_PER_OWNER = 20;

/** What its owner may set. */
export interface WebhookSettings {
  readonly url: string;
  /** Null: every event. */
  readonly events: readonly FeedEvent["type"][] | null;
  /** Slugs; null: every workflow. */
  readonly workflows: readonly string[] | null;
}
export interface StoredWebhook extends WebhookSettings {
  readonly webhookId: string;
  readonly ownerId: string;
  readonly isEnabled: boolean;
  readonly rotation: number;
  readonly createdAt: string;
}
type WebhookRow = Omit<StoredWebhook, "createdAt"> & { readonly createdAt: Date };

const columns = (sql: Database["sql"]) => sql`
  id AS "webhookId", owner_id AS "ownerId", url, to_json(events) AS events, to_json(workflows) AS workflows, is_enabled AS "isEnabled", rotation,
  created_at AS "createdAt"`;

const viewOf = (row: WebhookRow): StoredWebhook => ({ ...row, createdAt: row.createdAt.toISOString() });

/**
 * Stores a webhook, which is told of what happens from now on. Its owner must exist (`ensureOwner`).
 *
 * @throws DarkroomError `QUOTA_EXCEEDED` if the owner has as many as there may be, `UNAUTHENTICATED` if they were removed
 */
export function insertWebhook(
  database: Database,
  webhook: WebhookSettings & { readonly webhookId: string; readonly ownerId: string },
): Promise<StoredWebhook> {
  const { webhookId, ownerId, url, events, workflows } = webhook;
  return inTransaction(database, async (tx) => {
    // The lock of the owner's feed: no event is between the cursor and the webhook.
    const seq = await holdOwner(tx, ownerId);
    const others = await tx`SELECT 1 FROM webhooks WHERE owner_id = ${ownerId}`;
    if (others.length >= MAX_PER_OWNER)
      throw new DarkroomError(
        "QUOTA_EXCEEDED",
        `You have ${MAX_PER_OWNER} webhooks, which is the most. Remove one first.`,
      );
    const [row] = await tx<WebhookRow[]>`
      INSERT INTO webhooks (id, owner_id, url, events, workflows, cursor)
      VALUES (${webhookId}, ${ownerId}, ${url}, ${events as string[] | null}::text[], ${workflows as string[] | null}::text[], ${seq})
      RETURNING ${columns(database.sql)}`;
    if (row === undefined) throw new Error("an insert returns its row");
    return viewOf(row);
  });
}

/** The owners' webhooks, oldest first. */
export async function listWebhooks({ sql }: Database, ownerIds: readonly string[]): Promise<StoredWebhook[]> {
  const rows = await sql<WebhookRow[]>`
    SELECT ${columns(sql)} FROM webhooks WHERE owner_id = ANY(${[...ownerIds]}::uuid[]) ORDER BY created_at, id`;
  return rows.map(viewOf);
}

interface OfOwners {
  readonly webhookId: string;
  readonly ownerIds: readonly string[];
}

/** Changes what is given; null if the owners have no such webhook. One that was switched off begins with what comes. */
export async function updateWebhook(
  { sql }: Database,
  { webhookId, ownerIds, ...change }: OfOwners & Partial<WebhookSettings> & { isEnabled?: boolean; rotate?: boolean },
): Promise<StoredWebhook | null> {
  if (!isUuid(webhookId)) return null;
  const { url, events, workflows, isEnabled, rotate = false } = change;
  const [row] = await sql<WebhookRow[]>`
    UPDATE webhooks w SET
      url = ${url ?? sql`url`},
      events = ${events === undefined ? sql`events` : sql`${events as string[] | null}::text[]`},
      workflows = ${workflows === undefined ? sql`workflows` : sql`${workflows as string[] | null}::text[]`},
      rotation = rotation + ${rotate ? 1 : 0},
      cursor = CASE WHEN ${isEnabled === true} AND NOT is_enabled
        THEN coalesce((SELECT seq FROM owner_feeds f WHERE f.owner_id = w.owner_id), 0) ELSE cursor END,
      is_enabled = ${isEnabled ?? sql`is_enabled`}
    WHERE id = ${webhookId} AND owner_id = ANY(${[...ownerIds]}::uuid[])
    RETURNING ${columns(sql)}`;
  return row === undefined ? null : viewOf(row);
}

/** Removes it with its deliveries; false if the owners have no such webhook. */
export async function removeWebhook({ sql }: Database, { webhookId, ownerIds }: OfOwners): Promise<boolean> {
  if (!isUuid(webhookId)) return false;
  const rows = await sql`
    DELETE FROM webhooks WHERE id = ${webhookId} AND owner_id = ANY(${[...ownerIds]}::uuid[]) RETURNING id`;
  return rows.length > 0;
}
