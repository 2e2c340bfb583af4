import { type Database, learnedDurations, queueStats } from "@darkroom/db";

interface Durations {
  /** Workflow id → median seconds of its last successes. */
  readonly medianSeconds: ReadonlyMap<string, number>;
  /** Slots that live backends offer. */
  readonly slots: number;
}

/** An estimate may be this old, in milliseconds; the two queries then cost a busy server nothing that shows. */
const FRESH_MS = 2000;
const known = new WeakMap<Database, { readonly at: number; readonly durations: Promise<Durations> }>();

/** What estimates are made of, read at most once in two seconds per process. */
export function readDurations(database: Database): Promise<Durations> {
  const entry = known.get(database);
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.durations;
  const durations = read(database);
  known.set(database, { at: performance.now(), durations });
  durations.catch(() => known.delete(database));
  return durations;
}

async function read(database: Database): Promise<Durations> {
  const [medianSeconds, { slots }] = await Promise.all([learnedDurations(database), queueStats(database)]);
  return { medianSeconds, slots: slots.total };
}
