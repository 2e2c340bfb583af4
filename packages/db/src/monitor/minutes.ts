import { bucketBounds } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { json } from "../postgres/sql.ts";

/** How the system was when a minute was over. */
export interface MinuteGauges {
  readonly webs: number;
  readonly workers: number;
  readonly sockets: number;
  readonly streams: number;
  readonly buffered: number;
  readonly redisBytes: number | null;
  /** Instance id → opened, resumed and broken connections, gaps and overflows, each since the process started. */
  readonly totals: Readonly<Record<string, readonly number[]>>;
}

/** What was counted in a minute over all web processes. */
export interface MinuteCounts {
  readonly opened: number;
  readonly resumed: number;
  readonly broken: number;
  readonly gaps: number;
  readonly overflows: number;
}

/** The counters of now less those of the minute before. A process that was not there then has counted since it started. */
export function countsBetween(
  before: Readonly<Record<string, readonly number[]>>,
  now: Readonly<Record<string, readonly number[]>>,
): MinuteCounts {
  const sums = [0, 0, 0, 0, 0];
  for (const [instanceId, totals] of Object.entries(now)) {
    totals.forEach((total, index) => {
      sums[index] = (sums[index] ?? 0) + Math.max(0, total - (before[instanceId]?.[index] ?? 0));
    });
  }
  const [opened = 0, resumed = 0, broken = 0, gaps = 0, overflows = 0] = sums;
  return { opened, resumed, broken, gaps, overflows };
}

/** Minutes that are made up for, when nobody was there to note them: what ended in them is still known. */
const CATCH_UP_MINUTES = 60;

/** Minutes that are over and not noted, oldest first. */
async function dueMinutes({ sql }: Database): Promise<Date[]> {
  const rows = await sql<{ at: Date }[]>`
    SELECT at FROM generate_series(date_trunc('minute', now()) - make_interval(mins => ${CATCH_UP_MINUTES}),
      date_trunc('minute', now()) - interval '1 minute', interval '1 minute') AS at
    WHERE NOT EXISTS (SELECT 1 FROM metric_minutes m WHERE m.at = at.at) ORDER BY at`;
  return rows.map(({ at }) => at);
}

/**
 * Notes every minute that is over and that nobody has noted. Safe to run anywhere and twice: a minute is noted once. `gauges` is
 * asked only if the last minute is due, which is the only one that it can tell of.
 */
export async function noteMinutes(database: Database, gauges: () => Promise<MinuteGauges | null>): Promise<number> {
  const due = await dueMinutes(database);
  const last = due.at(-1);
  if (last === undefined) return 0;
  const now = await gauges();
  for (const at of due) await noteMinute(database, at, at === last ? now : null);
  return due.length;
}

async function noteMinute({ sql }: Database, at: Date, gauges: MinuteGauges | null): Promise<void> {
  const until = new Date(at.getTime() + 60_000);
  const [before] = await sql<{ totals: Record<string, number[]> | null }[]>`
    SELECT totals FROM metric_minutes WHERE at < ${at} AND at >= ${new Date(at.getTime() - 600_000)} AND totals IS NOT NULL
    ORDER BY at DESC LIMIT 1`;
  // After a longer silence nobody knows in which minute something was counted.
  const counts = gauges === null || before?.totals == null ? null : countsBetween(before.totals, gauges.totals);
  const bounds = sql`${`{${bucketBounds.join(",")}}`}::text::float8[]`;
  const buckets = (seconds: ReturnType<typeof sql>) => sql`
    (SELECT array_agg(coalesce(counted.jobs, 0) ORDER BY bucket) FROM generate_series(0, ${bucketBounds.length}) AS bucket
      LEFT JOIN (SELECT width_bucket(${seconds}, ${bounds}) AS bucket, count(*)::int AS jobs FROM ended
        WHERE ${seconds} IS NOT NULL GROUP BY 1) counted USING (bucket))`;
  const lookedAt = gauges !== null;
  await sql`
    WITH ended AS MATERIALIZED (
      SELECT state, extract(epoch FROM started_at - created_at)::float8 AS waited,
        CASE WHEN state = 'succeeded' THEN extract(epoch FROM finished_at - started_at)::float8 END AS ran
      FROM jobs WHERE finished_at >= ${at} AND finished_at < ${until}
    )
    INSERT INTO metric_minutes (at, succeeded, failed, canceled, waits, runs, waiting, running, webs, workers, backends_up, sockets,
      streams, buffered, redis_bytes, opened, resumed, broken, gaps, overflows, totals)
    SELECT ${at}, count(*) FILTER (WHERE state = 'succeeded'), count(*) FILTER (WHERE state = 'failed'),
      count(*) FILTER (WHERE state = 'canceled'), ${buckets(sql`waited`)}, ${buckets(sql`ran`)},
      CASE WHEN ${lookedAt} THEN (SELECT count(*) FROM jobs WHERE state = 'queued') END,
      CASE WHEN ${lookedAt} THEN (SELECT count(*) FROM jobs WHERE state IN ('running', 'canceling')) END,
      ${gauges?.webs ?? null}::int, ${gauges?.workers ?? null}::int,
      CASE WHEN ${lookedAt} THEN (SELECT count(*) FROM backends WHERE reachable AND reached_at > now() - interval '10 seconds') END,
      ${gauges?.sockets ?? null}::int, ${gauges?.streams ?? null}::int, ${gauges?.buffered ?? null}::int,
      ${gauges?.redisBytes ?? null}::bigint, ${counts?.opened ?? null}::int, ${counts?.resumed ?? null}::int,
      ${counts?.broken ?? null}::int, ${counts?.gaps ?? null}::int, ${counts?.overflows ?? null}::int,
      ${gauges === null ? null : json(sql, gauges.totals)}
    FROM ended ON CONFLICT (at) DO NOTHING`;
}

/** What a stretch of minutes was like: sums of what was counted, the highest of what was looked at (null: nobody looked). */
export interface MinutePoint {
  /** Its beginning; ISO 8601. */
  readonly at: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly waiting: number | null;
  readonly running: number | null;
  readonly webs: number | null;
  readonly workers: number | null;
  readonly backendsUp: number | null;
  readonly sockets: number | null;
  readonly streams: number | null;
  readonly buffered: number | null;
  readonly redisBytes: number | null;
  readonly opened: number | null;
  readonly resumed: number | null;
  readonly broken: number | null;
  readonly gaps: number | null;
  readonly overflows: number | null;
  /** Counts by `bucketBounds`; empty where nothing ended. */
  readonly waits: readonly number[];
  readonly runs: readonly number[];
}

/** The minutes of the last `hours`, in steps of `stepMinutes`, oldest first; steps of which nothing was noted are left out. */
export async function readMinutes(
  { sql }: Database,
  { hours, stepMinutes }: { readonly hours: number; readonly stepMinutes: number },
): Promise<MinutePoint[]> {
  const rows = await sql<(Omit<MinutePoint, "at"> & { at: Date })[]>`
    WITH minutes AS MATERIALIZED (
      SELECT date_bin(make_interval(mins => ${stepMinutes}), at, 'epoch') AS bin, metric_minutes.* FROM metric_minutes
      WHERE at >= now() - make_interval(hours => ${hours})
    ), counted AS (
      SELECT bin, array_agg(waits ORDER BY bucket) AS waits, array_agg(runs ORDER BY bucket) AS runs FROM (
        SELECT bin, bucket, sum(waited)::int AS waits, sum(ran)::int AS runs
        FROM minutes CROSS JOIN LATERAL unnest(waits, runs) WITH ORDINALITY AS u (waited, ran, bucket)
        WHERE succeeded + failed + canceled > 0 GROUP BY bin, bucket) summed
      GROUP BY bin
    ), whole AS (
      SELECT bin AS at, sum(succeeded)::int AS succeeded, sum(failed)::int AS failed, sum(canceled)::int AS canceled,
        max(waiting) AS waiting, max(running) AS running, max(webs) AS webs, min(workers) AS workers,
        min(backends_up) AS "backendsUp", max(sockets) AS sockets, max(streams) AS streams, max(buffered) AS buffered,
        max(redis_bytes)::float8 AS "redisBytes", sum(opened)::int AS opened, sum(resumed)::int AS resumed,
        sum(broken)::int AS broken, sum(gaps)::int AS gaps, sum(overflows)::int AS overflows
      FROM minutes GROUP BY bin
    )
    SELECT whole.*, coalesce(to_jsonb(counted.waits), '[]') AS waits, coalesce(to_jsonb(counted.runs), '[]') AS runs
    FROM whole LEFT JOIN counted ON counted.bin = whole.at ORDER BY whole.at`;
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
