import type { JobEvent } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import { nameOf, type Subscriber } from "./subscriber.ts";

export interface Verdict {
  readonly events: number;
  readonly missed: number;
  readonly repeated: number;
  readonly outOfOrder: number;
  /** Events that Postgres does not have, and errors. */
  readonly foreign: number;
  readonly resets: number;
}

/** Compares what every subscriber was told with what Postgres holds. It asks the database and nothing of the product. */
export async function audit({ sql }: Database, subscribers: readonly Subscriber[]): Promise<Verdict> {
  const rows = await sql<{ ownerId: string; seq: number; event: JobEvent }[]>`
    SELECT owner_id AS "ownerId", owner_seq AS seq, payload AS event FROM job_events ORDER BY owner_id, owner_seq`;
  const truth = Map.groupBy(rows, ({ ownerId }) => ownerId);
  const verdict = { events: 0, missed: 0, repeated: 0, outOfOrder: 0, foreign: 0, resets: 0 };
  for (const { ownerId, firstSeq, log, resets } of subscribers) {
    const from = firstSeq();
    const due = (truth.get(ownerId) ?? []).filter(({ seq }) => from !== null && seq > from);
    const places = new Map(due.map(({ event }, place) => [nameOf(event), place]));
    const seen = new Set<string>();
    let last = -1;
    for (const entry of log) {
      const place = places.get(entry);
      if (place === undefined) verdict.foreign += 1;
      else if (seen.has(entry)) verdict.repeated += 1;
      else if (place < last) verdict.outOfOrder += 1;
      seen.add(entry);
      last = Math.max(last, place ?? last);
    }
    verdict.events += due.length;
    verdict.missed += [...places.keys()].filter((entry) => !seen.has(entry)).length;
    verdict.resets += resets();
  }
  return verdict;
}

/** The last `ownerSeq` of each owner that has a feed. */
export async function readHeads({ sql }: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ ownerId: string; seq: number }[]>`SELECT owner_id AS "ownerId", seq FROM owner_feeds`;
  return new Map(rows.map(({ ownerId, seq }) => [ownerId, seq]));
}

/** True once every subscriber has its owner's last event. */
export async function isCaughtUp(database: Database, subscribers: readonly Subscriber[]): Promise<boolean> {
  const heads = await readHeads(database);
  return subscribers.every(({ ownerId, lastSeq }) => lastSeq() >= (heads.get(ownerId) ?? 0));
}
