import type { OwnedEvent, QueueEntry } from "@darkroom/contracts";
import { endJob, orphanDispatches } from "../attempts/end-attempt.ts";
import { infraFailureBudget, poison } from "../attempts/settle-job.ts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { backendSilenceSeconds, clock, entryColumns, interval } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import type { Repair } from "./repair.ts";

interface Hopeless {
  readonly jobId: string;
  /** True if workers look for the backend and cannot reach it: the job may have brought it down. False if it was drained. */
  readonly lost: boolean;
}

/** Whether backends that have only been silent for long enough are given up too, or just those that refused a connection. */
interface Which {
  readonly ofSilent: boolean;
}

/**
 * Lets any backend take the waiting jobs whose prompt is on a backend that refused a connection since the prompt was sent there, or
 * that has been unreachable, drained or configured by no live worker for ten seconds. The prompt becomes an orphan; if the backend is
 * lost, the job's budget pays.
 */
export async function giveUpAdoption(database: Database, which: Which): Promise<Repair> {
  const jobs = await hopeless(database.sql, which, null);
  const events: OwnedEvent[] = [];
  const rekeyed: QueueEntry[] = [];
  const removed: string[] = [];
  for (const { jobId } of jobs) {
    const answer = await giveUp(database, which, jobId);
    events.push(...answer.events);
    rekeyed.unshift(...answer.rekeyed);
    removed.push(...answer.removed);
  }
  return { events, entries: [], rekeyed, removed };
}

/** Such jobs, oldest first; only `jobId`, and locked, if it is given. */
async function hopeless(
  sql: Database["sql"] | Transaction,
  { ofSilent }: Which,
  jobId: string | null,
): Promise<Hopeless[]> {
  const since = sql`now() - ${interval(sql, backendSilenceSeconds)}`;
  return sql<Hopeless[]>`
    SELECT j.id AS "jobId", coalesce(b.seen_at >= ${since} AND b.draining_at IS NULL, false) AND NOT EXISTS (
        -- A prompt that only waited there behind another one cannot have brought the backend down.
        SELECT 1 FROM dispatches d
        WHERE d.job_id = j.id AND d.closed_at IS NULL AND d.orphaned_at IS NULL AND d.behind AND NOT EXISTS (
          SELECT 1 FROM job_events e WHERE e.job_id = j.id AND e.type = 'job.staged' AND e.attempt >= d.attempt)
      ) AS lost
    FROM jobs j LEFT JOIN backends b ON b.id = j.adopt_backend_id
    WHERE j.state = 'queued' AND j.adopt_backend_id IS NOT NULL
      AND (b.refused_at IS NOT NULL AND b.refused_at >= ALL (SELECT d.dispatched_at FROM dispatches d
          WHERE d.job_id = j.id AND d.closed_at IS NULL AND d.orphaned_at IS NULL)
        OR ${ofSilent} AND (coalesce(b.reached_at, b.seen_at, j.changed_at) < ${since} OR b.draining_at < ${since}))
      ${jobId === null ? sql`ORDER BY j.queued_at, j.id` : sql`AND j.id = ${jobId} FOR UPDATE OF j`}`;
}

async function giveUp(
  database: Database,
  which: Which,
  jobId: string,
): Promise<{ events: OwnedEvent[]; rekeyed: QueueEntry[]; removed: string[] }> {
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    const [still] = await hopeless(tx, which, jobId);
    if (feed === null || still === undefined) return { events: [], rekeyed: [], removed: [] };
    await orphanDispatches(tx, jobId);
    const [job] = await tx<(QueueEntry & { infraFailures: number })[]>`
      UPDATE jobs j SET adopt_backend_id = NULL, changed_at = ${clock(tx)},
        infra_failures = infra_failures + ${still.lost ? 1 : 0}
      WHERE id = ${jobId} RETURNING infra_failures AS "infraFailures", ${entryColumns(tx)}`;
    if (job === undefined) throw new Error(`job ${jobId} vanished under its lock`);
    const { infraFailures, ...entry } = job;
    if (infraFailures < infraFailureBudget) return { events: [], rekeyed: [entry], removed: [] };
    const ended = await endJob(tx, { jobId, batchId: feed.batchId, state: "failed", failure: poison });
    return { events: await appendEvents(tx, feed, ended), rekeyed: [], removed: [jobId] };
  });
}
