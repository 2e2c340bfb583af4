import { DarkroomError } from "@darkroom/contracts";
import { lockFeed } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock, isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { clearJobs } from "./remove-job.ts";

/** Jobs of one owner that are removed in one transaction: well within the five seconds that a statement may take. */
const JOBS_AT_ONCE = 500;
const EVENTS_AT_ONCE = 2000;

/**
 * Removes an owner with everything that is theirs: sign-in and sessions, API keys, uploads, jobs and outputs, and the same
 * of the guests that were linked to them. False if there is no such owner.
 *
 * The first transaction decides: from then on no cookie, session or key of theirs holds, so nothing can be added. What is
 * left after a crash is removed by {@link finishRemovals}. The owner's row stays, without a name, for as long as an old
 * guest's cookie could come back; so do the counts of the hour, by address.
 *
 * @throws DarkroomError `JOB_NOT_ENDED` while a job of theirs has not ended; `FORBIDDEN` for the only admin.
 */
export async function removeOwner(database: Database, { ownerId }: { ownerId: string }): Promise<boolean> {
  if (!isUuid(ownerId)) return false;
  const ownerIds = await inTransaction(database, (tx) => closeOwners(tx, ownerId));
  if (ownerIds === null) return false;
  for (const id of ownerIds) await clearOwner(database, id);
  return true;
}

/** Removes what an owner's removal left behind because its process died. */
export async function finishRemovals(database: Database): Promise<void> {
  const left = await database.sql<{ ownerId: string }[]>`
    SELECT id AS "ownerId" FROM owners o WHERE kind = 'removed' AND (
      EXISTS (SELECT 1 FROM jobs j WHERE j.owner_id = o.id AND j.removed_at IS NULL)
      OR EXISTS (SELECT 1 FROM uploads u WHERE u.owner_id = o.id)
      OR EXISTS (SELECT 1 FROM job_events e WHERE e.owner_id = o.id AND e.type LIKE 'x.%' AND e.payload->'data' <> '{}')) LIMIT 10`;
  for (const { ownerId } of left) await clearOwner(database, ownerId);
}

/** Ends every way in; the owners it closed, or null if there is none. */
async function closeOwners(tx: Transaction, ownerId: string): Promise<string[] | null> {
  const owners = await tx<{ id: string }[]>`
    SELECT id FROM owners WHERE (id = ${ownerId} OR linked_to = ${ownerId}) AND kind <> 'removed' ORDER BY id`;
  const ownerIds = owners.map(({ id }) => id);
  if (!ownerIds.includes(ownerId)) return null;
  for (const id of ownerIds) await lockFeed(tx, id);
  const [facts] = await tx<{ open: number; isOnlyAdmin: boolean }[]>`
    SELECT
      (SELECT count(*) FROM jobs WHERE owner_id = ANY(${ownerIds}::uuid[])
        AND state IN ('queued', 'running', 'canceling')) AS open,
      o.role = 'admin' AND NOT EXISTS (SELECT 1 FROM owners a WHERE a.role = 'admin' AND a.id <> o.id) AS "isOnlyAdmin"
    FROM owners o WHERE id = ${ownerId}`;
  if (facts?.isOnlyAdmin) {
    throw new DarkroomError("FORBIDDEN", "This is the only admin. Make someone else an admin first.");
  }
  if ((facts?.open ?? 0) > 0) {
    const message = `${facts?.open} of the jobs have not ended. Cancel them or wait until they have, then remove the account.`;
    throw new DarkroomError("JOB_NOT_ENDED", message);
  }
  await tx`DELETE FROM "user" u USING owners o WHERE o.id = ANY(${ownerIds}::uuid[]) AND u.id = o.account_id`;
  await tx`DELETE FROM webhooks WHERE owner_id = ANY(${ownerIds}::uuid[])`;
  await tx`DELETE FROM push_subscriptions WHERE owner_id = ANY(${ownerIds}::uuid[])`;
  await tx`DELETE FROM api_keys WHERE owner_id = ANY(${ownerIds}::uuid[])`;
  await tx`
    UPDATE owners SET kind = 'removed', removed_at = ${clock(tx)}, display_name = NULL, account_id = NULL, role = 'guest'
    WHERE id = ANY(${ownerIds}::uuid[])`;
  return ownerIds;
}

/** Removes the jobs and uploads of a closed owner, and what services wrote into their events. */
async function clearOwner(database: Database, ownerId: string): Promise<void> {
  await emptyEvents(database, ownerId);
  await database.sql`DELETE FROM uploads WHERE owner_id = ${ownerId}`;
  for (let cleared = JOBS_AT_ONCE; cleared === JOBS_AT_ONCE; ) {
    cleared = await inTransaction(database, async (tx) => {
      const feed = await lockFeed(tx, ownerId);
      if (feed === null) return 0;
      const jobs = await tx<{ id: string }[]>`
        SELECT id FROM jobs WHERE owner_id = ${ownerId} AND removed_at IS NULL ORDER BY id LIMIT ${JOBS_AT_ONCE} FOR UPDATE`;
      const ids = jobs.map(({ id }) => id);
      await clearJobs(tx, feed, ids);
      return ids.length;
    });
  }
}

/** Takes the data out of the events that services added. The events stay: a feed is read without gaps for as long as it is kept. */
async function emptyEvents({ sql }: Database, ownerId: string): Promise<void> {
  for (let emptied = EVENTS_AT_ONCE; emptied === EVENTS_AT_ONCE; ) {
    const events = await sql`
      UPDATE job_events SET payload = jsonb_set(payload, '{data}', '{}') WHERE ctid IN (
        SELECT ctid FROM job_events WHERE owner_id = ${ownerId} AND type LIKE 'x.%' AND payload->'data' <> '{}'
        LIMIT ${EVENTS_AT_ONCE})`;
    emptied = events.count;
  }
}
