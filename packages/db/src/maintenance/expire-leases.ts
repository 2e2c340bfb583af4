import type { DurableEvent, JobState, OwnedEvent, QueueEntry } from "@darkroom/contracts";
import { afterLostLease, endJob, returnJob } from "../attempts/end-attempt.ts";
import { hasKilledWorkers, workerKiller } from "../attempts/poison.ts";
import { appendEvents, lockBatches, lockFeed } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { leasesExpire } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { Repair } from "./repair.ts";

/**
 * Takes jobs from workers that stopped renewing: a running one goes back to the queue, its prompt open for adoption; a
 * canceling one is canceled, its prompt an orphan; one that killed three workers in a row fails. One transaction per owner.
 */
export async function expireLeases(database: Database, settings: { leaseSeconds: number }): Promise<Repair> {
  const { sql } = database;
  const owners = await sql<{ ownerId: string }[]>`
    SELECT DISTINCT owner_id AS "ownerId" FROM jobs
    WHERE state IN ('running', 'canceling') AND lease_until < now() AND ${leasesExpire(sql, settings.leaseSeconds)}`;
  const events: OwnedEvent[] = [];
  const entries: QueueEntry[] = [];
  for (const { ownerId } of owners) {
    const repair = await expireOwner(database, { ownerId, ...settings });
    events.push(...repair.events);
    entries.push(...repair.entries);
  }
  return { events, entries, rekeyed: [], removed: [] };
}

interface Expired {
  readonly jobId: string;
  readonly batchId: string | null;
  readonly state: Extract<JobState, "running" | "canceling">;
}

async function expireOwner(
  database: Database,
  facts: { ownerId: string; leaseSeconds: number },
): Promise<{ events: OwnedEvent[]; entries: QueueEntry[] }> {
  const { ownerId, leaseSeconds } = facts;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeed(tx, ownerId);
    if (feed === null) return { events: [], entries: [] };
    const isExpired = tx`owner_id = ${ownerId} AND state IN ('running', 'canceling') AND lease_until < now()
      AND ${leasesExpire(tx, leaseSeconds)}`;
    const batches = await tx<{ id: string }[]>`
      SELECT DISTINCT batch_id AS id FROM jobs WHERE ${isExpired} AND batch_id IS NOT NULL`;
    await lockBatches(
      tx,
      batches.map(({ id }) => id),
    );
    // Looked at again under the locks: a late heartbeat may have renewed it since.
    const expired = await tx<Expired[]>`
      SELECT id AS "jobId", batch_id AS "batchId", state FROM jobs WHERE ${isExpired} ORDER BY id FOR UPDATE`;
    const events: DurableEvent[] = [];
    const entries: QueueEntry[] = [];
    for (const { jobId, batchId, state } of expired) {
      if (state === "canceling") {
        events.push(...(await endJob(tx, { jobId, batchId, state: "canceled", failure: null })));
        continue;
      }
      if (await hasKilledWorkers(tx, jobId)) {
        events.push(...(await endJob(tx, { jobId, batchId, state: "failed", failure: workerKiller })));
        continue;
      }
      const { event, entry } = await returnJob(tx, feed, { jobId, ...afterLostLease });
      events.push(event);
      // Newest first: each is pushed before the one before it, so the oldest ends at the head.
      entries.unshift(entry);
    }
    return { events: await appendEvents(tx, feed, events), entries };
  });
}
