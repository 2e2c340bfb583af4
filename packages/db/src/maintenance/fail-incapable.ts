import type { Failure, Lack, OwnedEvent } from "@darkroom/contracts";
import { endJob } from "../attempts/end-attempt.ts";
import { decideCapabilities, describeMissing } from "../backends/capability-decisions.ts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock, interval, isLive } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { Repair } from "./repair.ts";

/**
 * Fails the jobs that have waited `jobTimeoutSeconds` while backends were live and none of them could run the job. The
 * clock stands still while no backend is live: the one that comes back may be able to.
 */
export async function failIncapable(database: Database, settings: { jobTimeoutSeconds: number }): Promise<Repair> {
  await decideCapabilities(database);
  await noteIncapable(database);
  const { sql } = database;
  const overdue = await sql<{ jobId: string; lacks: Lack[] | null }[]>`
    SELECT j.id AS "jobId", (
      SELECT a.lacks FROM backends b JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash
      WHERE ${isLive(sql)} AND a.capability_key = j.capability_key ORDER BY jsonb_array_length(a.lacks) LIMIT 1) AS lacks
    FROM jobs j JOIN incapable i ON i.capability_key = j.capability_key
    WHERE j.state = 'queued' AND j.adopt_backend_id IS NULL
      AND greatest(i.since, j.changed_at) < now() - ${interval(sql, settings.jobTimeoutSeconds)}
    ORDER BY j.id LIMIT 500`;
  const events: OwnedEvent[] = [];
  const removed: string[] = [];
  for (const { jobId, lacks } of overdue) {
    const its = await fail(database, jobId, lacks ?? []);
    if (its.length > 0) removed.push(jobId);
    events.push(...its);
  }
  return { events, entries: [], rekeyed: [], removed };
}

/** Starts the clock of capabilities that live backends turned out to lack, and stops that of all others. */
async function noteIncapable({ sql }: Database): Promise<void> {
  await sql`
    WITH lacking AS (
      SELECT q.capability_key FROM (SELECT DISTINCT capability_key FROM jobs WHERE state = 'queued') q
      WHERE EXISTS (SELECT 1 FROM backends b WHERE ${isLive(sql)})
        AND NOT EXISTS (
          SELECT 1 FROM backends b
          LEFT JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash AND a.capability_key = q.capability_key
          WHERE ${isLive(sql)} AND (a.lacks IS NULL OR a.lacks = '[]'::jsonb))
    ), over AS (
      DELETE FROM incapable i WHERE NOT EXISTS (SELECT 1 FROM lacking l WHERE l.capability_key = i.capability_key)
    )
    INSERT INTO incapable (capability_key, since) SELECT capability_key, ${clock(sql)} FROM lacking
    ON CONFLICT DO NOTHING`;
}

async function fail(database: Database, jobId: string, lacks: readonly Lack[]): Promise<OwnedEvent[]> {
  const failure: Failure = { code: "NO_CAPABLE_BACKEND", message: describeMissing(lacks), retryable: true };
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null) return [];
    const waiting = await tx`SELECT 1 FROM jobs WHERE id = ${jobId} AND state = 'queued' FOR UPDATE`;
    if (waiting.length === 0) return [];
    const events = await endJob(tx, { jobId, batchId: feed.batchId, state: "failed", failure });
    return appendEvents(tx, feed, events);
  });
}
