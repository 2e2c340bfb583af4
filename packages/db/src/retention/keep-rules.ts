import { DarkroomError, type OwnedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { removeJob } from "../removal/remove-job.ts";
import { removeOutput } from "../removal/remove-output.ts";
import { beyond } from "./beyond.ts";
import type { RetentionRule, RetentionRules } from "./rules.ts";

/** Owners of one call: with one each minute, ten thousand owners take three hours. */
const OWNERS_AT_ONCE = 50;
/** Jobs and outputs of one call: each is a transaction of its own, and the rest of maintenance waits for all of them. */
const ROWS_AT_ONCE = 100;

/**
 * Lets go of what is beyond the rules, for the owners whose turn it is, as they would themselves: with `job.removed` and
 * `output.removed`, to be published. What a job uses that has not ended stays for now, and an upload while any job uses it. Not the
 * days of jobs and events, which go by an index of all owners (`expireHistory`, `deleteExpired`). Bounded: the turn goes on
 * once nothing more of these owners is to go, and comes back to each.
 */
export async function keepRules(database: Database, rules: RetentionRules): Promise<OwnedEvent[]> {
  const { jobs, outputs, uploads, events } = rules;
  if (jobs.perOwner === null && events.perOwner === null && !asks(outputs) && !asks(uploads)) return [];
  const ownerIds = await ownersInTurn(database);
  const { sql } = database;
  const owners = ownersOf(sql, ownerIds);
  const told: OwnedEvent[] = [];
  const idsBeyond = async (kind: "jobs" | "outputs", rule: RetentionRule): Promise<string[]> => {
    const rows = await sql<{ id: string }[]>`
      SELECT id FROM (${beyond(sql, kind, { rule, owners, most: ROWS_AT_ONCE })}) AS b LIMIT ${ROWS_AT_ONCE}`;
    return rows.map(({ id }) => id);
  };
  if (jobs.perOwner !== null) {
    const jobIds = await idsBeyond("jobs", jobs);
    told.push(...(await eachUnused(jobIds, (jobId) => removeJob(database, { jobId, ownerIds: null }))));
  }
  if (asks(outputs)) {
    const outputIds = await idsBeyond("outputs", outputs);
    told.push(...(await eachUnused(outputIds, (outputId) => removeOutput(database, { outputId, ownerIds: null }))));
  }
  const rows = asks(uploads) ? await expireBeyond(database, { rule: uploads, ownerIds }) : 0;
  const deleted = events.perOwner === null ? 0 : await deleteEvents(database, { most: events.perOwner, ownerIds });
  if (told.length + rows + deleted === 0) await endTurn(database, ownerIds);
  return told;
}

/** These owners, as {@link beyond} takes them. Who never wrote has no feed, and nothing else. */
const ownersOf = (sql: Database["sql"], ownerIds: readonly string[]) =>
  sql`SELECT owner_id AS id, seq FROM owner_feeds WHERE owner_id = ANY(${[...ownerIds]}::uuid[])`;

const asks = ({ days, perOwner }: RetentionRule): boolean => days !== null || perOwner !== null;

/** Removes one after the other; what a job takes that has not ended is left. */
async function eachUnused(
  ids: readonly string[],
  remove: (id: string) => Promise<OwnedEvent[] | null>,
): Promise<OwnedEvent[]> {
  const told: OwnedEvent[] = [];
  for (const id of ids) {
    try {
      told.push(...((await remove(id)) ?? []));
    } catch (error) {
      if (!(error instanceof DarkroomError && error.code === "JOB_NOT_ENDED")) throw error;
    }
  }
  return told;
}

/** Has uploads expire that a rule lets go of; one that expires within a day was looked at already, and a job uses it. */
async function expireBeyond(
  { sql }: Database,
  { rule, ownerIds }: { readonly rule: RetentionRule; readonly ownerIds: readonly string[] },
): Promise<number> {
  const owners = ownersOf(sql, ownerIds);
  const expired = await sql`
    UPDATE uploads SET expires_at = now() WHERE expires_at > now() + interval '1 day'
      AND id IN (SELECT id FROM (${beyond(sql, "uploads", { rule, owners, most: 1000 })}) AS b)`;
  return expired.count;
}

/** Deletes all but the last events of each owner. */
async function deleteEvents(
  { sql }: Database,
  { most, ownerIds }: { readonly most: number; readonly ownerIds: readonly string[] },
): Promise<number> {
  const deleted = await sql`
    DELETE FROM job_events WHERE ctid IN (
      SELECT e.ctid FROM owner_feeds f JOIN job_events e ON e.owner_id = f.owner_id AND e.owner_seq <= f.seq - ${most}
      WHERE f.owner_id = ANY(${[...ownerIds]}::uuid[]) LIMIT 2000)`;
  return deleted.count;
}

/** The owners after those who had their turn; after the last ones the first again. */
async function ownersInTurn({ sql }: Database): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM owners WHERE id > coalesce((SELECT retained_to FROM maintenance), ${firstId})
    ORDER BY id LIMIT ${OWNERS_AT_ONCE}`;
  return rows.map(({ id }) => id);
}

const firstId = "00000000-0000-0000-0000-000000000000";

async function endTurn({ sql }: Database, ownerIds: readonly string[]): Promise<void> {
  const last = ownerIds.length < OWNERS_AT_ONCE ? null : (ownerIds.at(-1) ?? null);
  await sql`UPDATE maintenance SET retained_to = ${last}`;
}
