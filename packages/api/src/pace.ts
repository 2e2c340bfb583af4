import { type Database, learnedDurations, queueStats, runningJobs } from "@darkroom/db";
import type { Services } from "./context.ts";
import type { Pace } from "./estimate.ts";

/** An estimate may be this old, in milliseconds; what it costs a busy server then does not show. */
const FRESH_MS = 1000;
const known = new WeakMap<Database, { readonly at: number; readonly pace: Promise<Pace> }>();

/** What estimates are made of, read at most once a second per process. Rejects while Redis is down. */
export function readPace(services: Pick<Services, "database" | "publisher">): Promise<Pace> {
  const { database } = services;
  const entry = known.get(database);
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.pace;
  const pace = read(services);
  known.set(database, { at: performance.now(), pace });
  pace.catch(() => known.delete(database));
  return pace;
}

async function read({ database, publisher }: Pick<Services, "database" | "publisher">): Promise<Pace> {
  const [medianSeconds, { medianRunSeconds, slots }, jobIds] = await Promise.all([
    learnedDurations(database),
    queueStats(database),
    runningJobs(database),
  ]);
  const progress = await publisher.lastProgress(jobIds);
  const running = jobIds.map((jobId) => progress.get(jobId)?.etaSeconds ?? null);
  return { medianSeconds, turnSeconds: medianRunSeconds, slots: slots.total, running };
}
