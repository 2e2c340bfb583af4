import type { Database } from "../postgres/client.ts";
import { atMost } from "../postgres/sql.ts";
import { usesUpload } from "../removal/in-use.ts";
import { beyond } from "./beyond.ts";
import { EVENT_DAYS, type RetentionKind, type RetentionRule, type RetentionRules, retentionKinds } from "./rules.ts";

/** So many rows of a kind are counted: more is said to be more. */
const MOST_COUNTED = 10_000;

/** What rules would take of one kind, now. */
export interface RetentionLoss {
  readonly kind: RetentionKind;
  /** Jobs, files or events. */
  readonly rows: number;
  /** Whether there are more than those that were counted. */
  readonly hasMore: boolean;
  /** Files that go with them, and their size; the disk gains less where others name the same content. */
  readonly files: number;
  readonly bytes: number;
  /** When the oldest of them ended or was made; ISO 8601, null if there is none. */
  readonly oldestAt: string | null;
}

type Counted = Omit<RetentionLoss, "kind" | "hasMore" | "oldestAt"> & { readonly oldestAt: Date | null };

/**
 * What the rules would take, without taking anything: at most `most` rows of each kind are counted. What a job uses that has not
 * ended is counted, too, but stays for as long; an upload that any job uses is not. Days are looked up; to find who has too
 * many, one entry of an index is read for each job or file.
 */
export async function previewRetention(
  database: Database,
  rules: RetentionRules,
  { most = MOST_COUNTED }: { readonly most?: number } = {},
): Promise<RetentionLoss[]> {
  // One more than is counted, so that it is known whether there are more.
  const read = (kind: RetentionKind) => counters[kind](database, rules[kind], most + 1);
  const counted = await Promise.all(retentionKinds.map(read));
  return retentionKinds.map((kind, nth) => {
    const { rows, files, bytes, oldestAt } = counted[nth] ?? { rows: 0, files: 0, bytes: 0, oldestAt: null };
    const hasMore = rows > most;
    return { kind, rows: Math.min(rows, most), hasMore, files, bytes, oldestAt: oldestAt?.toISOString() ?? null };
  });
}

/** What a rule would take of a kind, at most so many rows; null: it takes nothing. */
type Counter = (database: Database, rule: RetentionRule, most: number) => Promise<Counted | null | undefined>;

/** The rows of a table where something holds. The offset keeps Postgres from reading the whole table to join it. */
const lookedUp = (sql: Database["sql"], table: ReturnType<Database["sql"]>, where: ReturnType<Database["sql"]>) =>
  sql`SELECT size_bytes, created_at FROM ${table} WHERE ${where} OFFSET 0`;

/** All owners, as {@link beyond} takes them. */
const everybody = (sql: Database["sql"]) => sql`SELECT owner_id AS id, seq FROM owner_feeds`;

const countJobs: Counter = async ({ sql }, rule, most) => {
  if (rule.days === null && rule.perOwner === null) return null;
  // Their days are found by an index of all jobs.
  const tooOld = sql`
    (SELECT id, finished_at AS at FROM jobs WHERE removed_at IS NULL AND finished_at < now() - make_interval(days => ${rule.days})
     ORDER BY finished_at ${atMost(sql, most)})`;
  const tooMany = sql`
    (SELECT id, created_at AS at FROM (${beyond(sql, "jobs", { rule, owners: everybody(sql), most })}) AS b ${atMost(sql, most)})`;
  const both = sql`SELECT id, min(at) AS at FROM (${tooOld} UNION ALL ${tooMany}) AS b GROUP BY id ORDER BY at ${atMost(sql, most)}`;
  const going = rule.days === null ? tooMany : rule.perOwner === null ? tooOld : both;
  const [counted] = await sql<Counted[]>`
    WITH going AS MATERIALIZED (${going}), files AS (
      SELECT f.size_bytes FROM going CROSS JOIN LATERAL (${lookedUp(sql, sql`outputs`, sql`job_id = going.id`)}) AS f)
    SELECT count(*)::int AS rows, min(at) AS "oldestAt", (SELECT count(*)::int FROM files) AS files,
      (SELECT coalesce(sum(size_bytes), 0)::float8 FROM files) AS bytes
    FROM going`;
  return counted;
};

const countOutputs: Counter = async ({ sql }, rule, most) => {
  if (rule.days === null && rule.perOwner === null) return null;
  const [counted] = await sql<Counted[]>`
    WITH going AS MATERIALIZED (
      SELECT id FROM (${beyond(sql, "outputs", { rule, owners: everybody(sql), most })}) AS b ${atMost(sql, most)})
    SELECT count(*)::int AS rows, count(*)::int AS files, coalesce(sum(size_bytes), 0)::float8 AS bytes, min(created_at) AS "oldestAt"
    FROM going CROSS JOIN LATERAL (${lookedUp(sql, sql`outputs`, sql`id = going.id`)}) AS f`;
  return counted;
};

const countUploads: Counter = async ({ sql }, rule, most) => {
  if (rule.days === null && rule.perOwner === null) return null;
  const [counted] = await sql<Counted[]>`
    WITH going AS MATERIALIZED (
      SELECT id FROM (${beyond(sql, "uploads", { rule, owners: everybody(sql), most })}) AS b
      WHERE NOT ${usesUpload(sql, sql`b.id`)} ${atMost(sql, most)})
    SELECT count(*)::int AS rows, count(*)::int AS files, coalesce(sum(size_bytes), 0)::float8 AS bytes, min(created_at) AS "oldestAt"
    FROM going CROSS JOIN LATERAL (${lookedUp(sql, sql`uploads`, sql`id = going.id`)}) AS f`;
  return counted;
};

const countEvents: Counter = async ({ sql }, rule, most) => {
  const tooOld = sql`
    (SELECT owner_id, owner_seq, at FROM job_events WHERE at < now() - make_interval(days => ${rule.days ?? EVENT_DAYS})
     ORDER BY at ${atMost(sql, most)})`;
  const tooMany = sql`
    (SELECT e.owner_id, e.owner_seq, e.at FROM owner_feeds f CROSS JOIN LATERAL (
      SELECT * FROM job_events WHERE owner_id = f.owner_id AND owner_seq <= f.seq - ${rule.perOwner ?? 0}
      ORDER BY owner_seq ${atMost(sql, most)}) AS e ${atMost(sql, most)})`;
  const both = sql`SELECT * FROM (${tooOld} UNION ${tooMany}) AS b ORDER BY at ${atMost(sql, most)}`;
  const [counted] = await sql<Counted[]>`
    SELECT count(*)::int AS rows, 0 AS files, 0 AS bytes, min(at) AS "oldestAt"
    FROM (${rule.perOwner === null ? tooOld : both}) AS going`;
  return counted;
};

const counters: Record<RetentionKind, Counter> = {
  jobs: countJobs,
  outputs: countOutputs,
  uploads: countUploads,
  events: countEvents,
};
