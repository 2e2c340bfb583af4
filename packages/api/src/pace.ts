import { type Database, learnedDurations, queueStats } from "@darkroom/db";
import type { Pace } from "./estimate.ts";

/** An estimate may be this old, in milliseconds; the two queries then cost a busy server nothing that shows. */
const FRESH_MS = 2000;
const known = new WeakMap<Database, { readonly at: number; readonly pace: Promise<Pace> }>();

/** What estimates are made of, read at most once in two seconds per process. */
export function readPace(database: Database): Promise<Pace> {
  const entry = known.get(database);
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.pace;
  const pace = read(database);
  known.set(database, { at: performance.now(), pace });
  pace.catch(() => known.delete(database));
  return pace;
}

async function read(database: Database): Promise<Pace> {
  const [medianSeconds, { medianRunSeconds, slots }] = await Promise.all([
    learnedDurations(database),
    queueStats(database),
  ]);
  return { medianSeconds, turnSeconds: medianRunSeconds, slots };
}
