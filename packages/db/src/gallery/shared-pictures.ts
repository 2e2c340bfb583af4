import type { InputValues, ReportReason, SharedFact } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost } from "../postgres/sql.ts";
import { isShown } from "../reads/output-view.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

/** A shared picture with all that its owner might tell of it, and what operators and visitors said. */
export interface SharedPicture {
  readonly outputId: string;
  readonly ownerId: string;
  readonly ownerName: string | null;
  /** Null once its owner shares it no longer: what was taken down is still told of. */
  readonly hash: string | null;
  readonly nonce: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly seed: number | null;
  readonly inputs: InputValues;
  /** What kind of parameter each input is of. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly workflow: { readonly slug: string; readonly name: string };
  readonly facts: readonly SharedFact[];
  readonly publishedAt: Date | null;
  readonly hiddenAt: Date | null;
  readonly hiddenReason: string | null;
  readonly reports: number;
  readonly reportedAt: Date | null;
  readonly reasons: readonly ReportReason[];
}

/** Which pictures a list has: those in the gallery; those that were reported; those that an operator took down. */
export const galleryShelves = ["published", "reported", "hidden"] as const;
export type GalleryShelf = (typeof galleryShelves)[number];

/** What orders each list: what entered it last comes first. */
const sinceOf = (sql: Database["sql"], shelf: GalleryShelf) =>
  ({ published: sql`s.published_at`, reported: sql`s.reported_at`, hidden: sql`s.hidden_at` })[shelf];

const isOn = (sql: Database["sql"], shelf: GalleryShelf) =>
  ({
    // What a blocked owner has published is not shown on.
    published: sql`s.published_at IS NOT NULL AND s.hidden_at IS NULL AND w.role <> 'blocked' AND o.share_hash IS NOT NULL`,
    reported: sql`s.reports > 0 AND o.share_hash IS NOT NULL`,
    hidden: sql`s.hidden_at IS NOT NULL`,
  })[shelf];

const columns = (sql: Database["sql"]) => sql`
  o.id AS "outputId", o.owner_id AS "ownerId", w.display_name AS "ownerName", o.share_hash AS hash, o.share_nonce AS nonce,
  o.width, o.height, coalesce(o.seed, j.seed) AS seed, j.inputs,
  (SELECT coalesce(jsonb_object_agg(p->>'name', p->>'kind'), '{}') FROM jsonb_array_elements(v.parameters) p) AS kinds,
  jsonb_build_object('slug', f.slug, 'name', f.name) AS workflow,
  to_jsonb(coalesce(s.facts, '{}')) AS facts, s.published_at AS "publishedAt", s.hidden_at AS "hiddenAt", s.hidden_reason AS "hiddenReason",
  coalesce(s.reports, 0) AS reports, s.reported_at AS "reportedAt",
  to_jsonb(ARRAY(SELECT DISTINCT r.reason FROM reports r WHERE r.output_id = o.id)) AS reasons`;

const joined = (sql: Database["sql"]) => sql`
  JOIN jobs j ON j.id = o.job_id AND ${isShown(sql)} JOIN workflows f ON f.id = j.workflow_id
  JOIN workflow_versions v ON v.id = j.workflow_version_id JOIN owners w ON w.id = o.owner_id`;

/** A page of shared pictures, those that came last first. */
export async function listShared(
  { sql }: Database,
  filter: { shelf: GalleryShelf; limit: number; cursor?: string | null },
): Promise<{ readonly items: readonly SharedPicture[]; readonly nextCursor: string | null }> {
  const { shelf, limit } = filter;
  const since = sinceOf(sql, shelf);
  const before = decodeCursor(filter.cursor);
  const after =
    before === null ? sql`` : sql`AND (${since}, s.output_id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  const rows = await sql<(SharedPicture & { since: Date })[]>`
    SELECT ${columns(sql)}, ${since} AS since FROM shares s JOIN outputs o ON o.id = s.output_id ${joined(sql)}
    WHERE ${isOn(sql, shelf)} ${after}
    ORDER BY ${since} DESC, s.output_id DESC ${atMost(sql, limit + 1)}`;
  return pageOf(rows, limit, ({ since: at, outputId }) => ({ at: at.toISOString(), id: outputId }));
}

/** The picture that is shared under that hash, also one that an operator took down. */
export async function sharedPicture({ sql }: Database, hash: string): Promise<SharedPicture | null> {
  const [row] = await sql<SharedPicture[]>`
    SELECT ${columns(sql)} FROM outputs o LEFT JOIN shares s ON s.output_id = o.id ${joined(sql)}
    WHERE o.share_hash = ${hash}`;
  return row ?? null;
}
