import type { Database } from "../postgres/client.ts";
import { backendSilenceSeconds, clock, interval } from "../postgres/sql.ts";
import { expireHistory } from "../removal/expire-history.ts";
import { expireUploads } from "../removal/expire-uploads.ts";
import { finishRemovals } from "../removal/remove-owner.ts";
import { keepRules } from "../retention/keep-rules.ts";
import { EVENT_DAYS, readRetention, withinDays } from "../retention/rules.ts";
import { countUsage } from "../usage/count-usage.ts";
import { expireLeases } from "./expire-leases.ts";
import { failIncapable } from "./fail-incapable.ts";
import { fillSearchTexts, tidySearch } from "./fill-search-text.ts";
import { giveUpAdoption } from "./give-up-adoption.ts";
import { type Maintained, nothing, type Repair } from "./repair.ts";
import { deleteExpired } from "./retention.ts";

/**
 * One tick of maintenance: expired leases, prompts nobody can adopt, jobs nobody can run, retention. Call it about every
 * second in every worker; whoever gets the lock leads. Publish and push what it answers.
 */
export async function maintain(
  database: Database,
  settings: { leaseSeconds: number; jobTimeoutSeconds: number; historyDays?: number | undefined },
): Promise<Maintained> {
  const tick = await leadTick(database, settings.leaseSeconds);
  if (tick === null) return { led: false, hasOpenJobs: false, stoppedSessions: 0, ...nothing };
  const { hasOpenJobs, stoppedSessions } = tick;
  const repairs: Repair[] = [];
  // A job that is over is never overdue, and an idle product asks nothing more.
  if (hasOpenJobs) {
    if (tick.expires) repairs.push(await expireLeases(database, settings));
    repairs.push(await giveUpAdoption(database, { ofSilent: tick.givesUp }));
  }
  // Once more after the last job, to stop the clock of what it lacked: the next job would find it running.
  if (hasOpenJobs || tick.hasIncapable) repairs.push(await failIncapable(database, settings));
  if (tick.lacksSearchText) await fillSearchTexts(database);
  // Once a minute also for what was changed of older jobs.
  if (tick.hasEnded || tick.lacksSearchText || tick.sweeps) await tidySearch(database);
  if (tick.sweeps) {
    await finishRemovals(database);
    await expireUploads(database);
    // Before anything goes that it counts.
    await countUsage(database);
    const rules = withinDays((await readRetention(database)).rules, { jobs: settings.historyDays, events: EVENT_DAYS });
    await deleteExpired(database, { eventDays: rules.events.days ?? EVENT_DAYS });
    const { days } = rules.jobs;
    if (days !== null) repairs.push({ ...nothing, events: await expireHistory(database, { days }) });
    repairs.push({ ...nothing, events: await keepRules(database, rules) });
  }
  const rekeyed = repairs.flatMap((repair) => repair.rekeyed);
  const removed = repairs.flatMap((repair) => repair.removed);
  const leaving = new Set([...removed, ...rekeyed.map(({ jobId }) => jobId)]);
  return {
    led: true,
    hasOpenJobs,
    stoppedSessions,
    events: repairs.flatMap(({ events }) => events),
    // What a later step changed again would be pushed under the key that it had before.
    entries: repairs.flatMap(({ entries }) => entries).filter(({ jobId }) => !leaving.has(jobId)),
    rekeyed,
    removed,
  };
}

/** Any number; it only has to differ from other advisory locks of ours. */
const maintenanceLock = 7_309_001;

/** A client that has not sent the rest of a statement for so long is taken to be stopped. Postgres allows a statement as long. */
const STOPPED_SECONDS = 5;

interface Tick {
  readonly expires: boolean;
  readonly givesUp: boolean;
  readonly sweeps: boolean;
  readonly hasOpenJobs: boolean;
  /** Whether a clock of some capability that no live backend has is running. */
  readonly hasIncapable: boolean;
  /** Whether there is a job that a program without search texts stored. */
  readonly lacksSearchText: boolean;
  /** Whether a job has ended within the last minute, in which its transaction was committed for sure. */
  readonly hasEnded: boolean;
  readonly stoppedSessions: number;
}

/**
 * Takes the lead and notes the tick; null if another process leads. If the last tick is older than two thirds of a lease,
 * every expiry is postponed by one lease: whatever kept maintenance from Postgres may have kept heartbeats from it too.
 * Giving up on silent backends is postponed for the same reason: their workers may not have been able to report them.
 */
async function leadTick({ sql }: Database, leaseSeconds: number): Promise<Tick | null> {
  const silence = interval(sql, (leaseSeconds * 2) / 3);
  const beyondLease = interval(sql, Math.max(0, backendSilenceSeconds - leaseSeconds));
  const postponed = sql`${clock(sql)} + ${interval(sql, leaseSeconds)}`;
  // The lock lasts as long as this one statement, which is its own transaction.
  // A process that is stopped between the two halves of a statement keeps its transaction and its locks: Postgres' limits
  // for idle transactions and for statements do not count while it reads from a client. Its sessions are ended here.
  const [row] = await sql<Tick[]>`
    INSERT INTO maintenance AS m (ticked_at, expire_after, swept_at)
    SELECT ${clock(sql)}, ${postponed}, ${clock(sql)} WHERE pg_try_advisory_xact_lock(${maintenanceLock})
    ON CONFLICT (id) DO UPDATE SET ticked_at = ${clock(sql)},
      expire_after = CASE WHEN m.ticked_at < now() - ${silence} THEN ${postponed} ELSE m.expire_after END,
      swept_at = CASE WHEN m.swept_at < now() - interval '1 minute' THEN ${clock(sql)} ELSE m.swept_at END
    RETURNING now() > expire_after AS expires, now() > expire_after + ${beyondLease} AS "givesUp", swept_at = ${clock(sql)} AS sweeps,
      EXISTS (SELECT 1 FROM jobs WHERE state IN ('queued', 'running', 'canceling')) AS "hasOpenJobs",
      EXISTS (SELECT 1 FROM incapable) AS "hasIncapable",
      EXISTS (SELECT 1 FROM jobs WHERE search_text IS NULL AND removed_at IS NULL) AS "lacksSearchText",
      EXISTS (SELECT 1 FROM jobs WHERE finished_at > now() - interval '1 minute') AS "hasEnded",
      (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND application_name LIKE 'darkroom%'
          AND state = 'active' AND wait_event = 'ClientRead'
          AND query_start < now() - ${interval(sql, STOPPED_SECONDS)})::int AS "stoppedSessions"`;
  return row ?? null;
}
