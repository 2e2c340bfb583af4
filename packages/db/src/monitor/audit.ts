import { newId } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost, clock, json } from "../postgres/sql.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

/** What an operator did, or tried to do. */
export interface AuditEntry {
  readonly entryId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly ownerId: string;
  /** Null: they have none, or were removed. */
  readonly displayName: string | null;
  /** The procedure's path. */
  readonly action: string;
  readonly input: unknown;
  /** The code of the refusal; null: it was done. */
  readonly refused: string | null;
  readonly requestId: string | null;
}

/** Writes an action down. */
export async function recordAction(
  { sql }: Database,
  entry: Pick<AuditEntry, "ownerId" | "action" | "input" | "refused" | "requestId">,
): Promise<void> {
  const { ownerId, action, input, refused, requestId } = entry;
  await sql`
    INSERT INTO audit_entries (id, at, owner_id, action, input, refused, request_id)
    VALUES (${newId()}, ${clock(sql)}, ${ownerId}, ${action}, ${input === undefined ? null : json(sql, input)}, ${refused},
      ${requestId})`;
}

/** Everything that operators did, newest first; `ownerId`: one of them. */
export async function listActions(
  { sql }: Database,
  { limit, cursor, ownerId }: { readonly limit: number; readonly cursor?: string | null; readonly ownerId?: string },
): Promise<{ readonly items: readonly AuditEntry[]; readonly nextCursor: string | null }> {
  const after = decodeCursor(cursor);
  const rows = await sql<(Omit<AuditEntry, "at"> & { at: Date })[]>`
    SELECT e.id AS "entryId", e.at, e.owner_id AS "ownerId", o.display_name AS "displayName", e.action, e.input, e.refused,
      e.request_id AS "requestId"
    FROM audit_entries e LEFT JOIN owners o ON o.id = e.owner_id
    WHERE ${ownerId === undefined ? sql`true` : sql`e.owner_id = ${ownerId}`}
      AND ${after === null ? sql`true` : sql`(e.at, e.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY e.at DESC, e.id DESC ${atMost(sql, limit + 1)}`;
  const entries = rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  return pageOf(entries, limit, ({ at, entryId }) => ({ at, id: entryId }));
}
