import type postgres from "postgres";

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/**
 * The transaction's time, cut to whole milliseconds. Columns keep milliseconds and round: without the cut a stored time
 * could lie up to half a millisecond in the future.
 */
export const clock = (sql: postgres.ISql): Fragment => sql`date_trunc('milliseconds', now())`;

/** The transaction's time as events carry it: ISO 8601 with milliseconds. */
export const isoClock = (sql: postgres.ISql): Fragment =>
  sql`to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** An interval of `seconds`, which may be fractional. */
export const interval = (sql: postgres.ISql, seconds: number): Fragment => sql`make_interval(secs => ${seconds})`;

/**
 * Whether leases count as expired now. They do not while maintenance has been away, or for one lease after it came
 * back: heartbeats could not arrive either, and everybody's job would be taken from them at once.
 */
export const leasesExpire = (sql: postgres.ISql, leaseSeconds: number): Fragment =>
  sql`EXISTS (SELECT 1 FROM maintenance WHERE now() > expire_after AND ticked_at > now() - ${interval(sql, (leaseSeconds * 2) / 3)})`;

/**
 * `LIMIT rows`, in the text and not as a parameter: a plan is kept for whatever parameters, and one that does not know how few
 * rows are wanted is made for a tenth of all there are.
 *
 * @param rows a whole number.
 */
export const atMost = (sql: postgres.ISql, rows: number): Fragment => sql.unsafe(`LIMIT ${Math.trunc(rows)}`);

/** How long a backend may be silent before it counts as gone. */
export const backendSilenceSeconds = 10;

/** Whether row `b` of backends takes new work now. */
export const isLive = (sql: postgres.ISql): Fragment =>
  sql`(b.reachable AND b.draining_at IS NULL AND b.reached_at > now() - ${interval(sql, backendSilenceSeconds)})`;

export const isPausedNow = (sql: postgres.ISql): Fragment =>
  sql`EXISTS (SELECT 1 FROM settings WHERE key = 'paused' AND value = 'true'::jsonb)`;

/** The columns of a {@link QueueEntry} of row `j` of jobs. */
export const entryColumns = (sql: postgres.ISql): Fragment => sql`
  j.id AS "jobId", j.owner_id AS "ownerId", j.priority, j.model_key AS "modelKey",
  coalesce('backend:' || j.adopt_backend_id, j.capability_key) AS "capabilityKey"`;

/** A JSON parameter. What `jsonb` cannot hold (NUL, lone surrogates) is taken out of its strings. */
export function json(sql: postgres.ISql, value: unknown): postgres.Parameter {
  return sql.json(JSON.parse(jsonText(value)) as postgres.JSONValue);
}

/** A value as JSON that `jsonb` can hold; see {@link json}. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  const clean = (_key: string, inner: unknown) =>
    typeof inner === "string" ? inner.replaceAll("\u0000", "").toWellFormed() : inner;
  return JSON.stringify(JSON.parse(text, clean));
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** False for what Postgres would refuse to compare with an id: such a thing is simply not found. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}
