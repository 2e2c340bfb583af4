import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { notOurCursor } from "../reads/page-cursor.ts";

/** What an owner used in a period with one API key, or without one. */
export interface UsageRow {
  readonly ownerId: string;
  /** Null for one without a name, or who was removed. */
  readonly ownerName: string | null;
  /** Null: without a key. */
  readonly apiKeyId: string | null;
  /** Null without a key, and for the key of an account that was removed. */
  readonly apiKeyName: string | null;
  /** Jobs by how they ended. */
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** What their runs took by ComfyUI's own clock, in seconds; runs of which it told nothing are not in it. */
  readonly gpuSeconds: number;
  /** Files that they made, and their size. */
  readonly outputs: number;
  readonly outputBytes: number;
  /** Files that were sent, and their size. */
  readonly uploads: number;
  readonly uploadBytes: number;
  /** What is kept of the owner now, whenever and with whichever key it came. */
  readonly storedBytes: number;
}

/** A period in days of UTC, both included: `2026-11-01`. */
export interface UsagePeriod {
  readonly from: string;
  readonly to: string;
}

/**
 * A page of what everybody used in a period, in the order of owners and keys. What jobs used counts on the day they ended, and is
 * counted within three minutes.
 *
 * @throws DarkroomError `INPUT_INVALID` for a cursor that is not one of ours.
 */
export async function usageReport(
  { sql }: Database,
  { from, to, limit, cursor = null }: UsagePeriod & { readonly limit: number; readonly cursor?: string | null },
): Promise<{ readonly items: readonly UsageRow[]; readonly nextCursor: string | null }> {
  const [afterOwner = "", afterKey = ""] = cursor?.split(".") ?? [];
  if (cursor !== null && !isUuid(afterOwner)) throw notOurCursor();
  const isLater = cursor === null ? sql`true` : sql`(owner_id, ${keyOrder(sql)}) > (${afterOwner}::uuid, ${afterKey})`;
  const rows = await sql<UsageRow[]>`
    WITH used AS MATERIALIZED (
      SELECT owner_id, api_key_id, sum(succeeded)::int AS succeeded, sum(failed)::int AS failed, sum(canceled)::int AS canceled,
        sum(ran_ms) / 1000 AS "gpuSeconds", sum(outputs)::int AS outputs, sum(output_bytes)::float8 AS "outputBytes",
        sum(uploads)::int AS uploads, sum(upload_bytes)::float8 AS "uploadBytes"
      FROM usage_days WHERE day BETWEEN ${from}::date AND ${to}::date AND ${isLater}
      GROUP BY owner_id, api_key_id ORDER BY owner_id, ${keyOrder(sql)} LIMIT ${limit + 1}
    )
    SELECT used.owner_id AS "ownerId", o.display_name AS "ownerName", used.api_key_id AS "apiKeyId", k.name AS "apiKeyName",
      succeeded, failed, canceled, "gpuSeconds", outputs, "outputBytes", uploads, "uploadBytes",
      coalesce(s.bytes, 0)::float8 AS "storedBytes"
    FROM used JOIN owners o ON o.id = used.owner_id LEFT JOIN api_keys k ON k.id = used.api_key_id
      LEFT JOIN stored_files s ON s.owner_id = used.owner_id
    ORDER BY used.owner_id, ${keyOrder(sql)}`;
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : `${last.ownerId}.${last.apiKeyId ?? ""}` };
}

/** What was used without a key stands before the keys. */
const keyOrder = (sql: Database["sql"]) => sql`coalesce(api_key_id::text, '')`;
