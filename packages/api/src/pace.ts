import { type Database, liveSlots, recentRuns, runningJobs, waitingJobs } from "@darkroom/db";
import type { Services } from "./context.ts";
import { learnRunTimes, median, type RunModel } from "./run-model.ts";
import { scheduleStarts } from "./schedule.ts";

/** What estimates are made of. */
export interface Pace {
  readonly runSeconds: RunModel;
  /** Seconds from `readAt` until each waiting job starts, by position, and last for one more; empty without a slot. */
  readonly starts: readonly number[];
  /** Seconds between two starts, as runs usually are: for jobs that came after that. */
  readonly turnSeconds: number;
  /** By the clock of `performance.now()`. */
  readonly readAt: number;
}

/** An estimate may be this old, in milliseconds; what it costs a busy server then does not show. */
const FRESH_MS = 1000;
/** A run that lasts longer than was thought will end soon, but nobody knows when: this share of what was thought. */
const OVERDUE_SHARE = 0.05;
const known = new WeakMap<Database, { readonly at: number; readonly pace: Promise<Pace> }>();

type Needed = Pick<Services, "database" | "publisher" | "queue">;

/** What estimates are made of, read at most once a second per process. Rejects while Redis is down. */
export function readPace(services: Needed): Promise<Pace> {
  const { database } = services;
  const entry = known.get(database);
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.pace;
  const pace = read(services);
  known.set(database, { at: performance.now(), pace });
  pace.catch(() => known.delete(database));
  return pace;
}

async function read({ database, publisher, queue }: Needed): Promise<Pace> {
  const readAt = performance.now();
  const [runs, slots, underWay, jobs, order] = await Promise.all([
    recentRuns(database),
    liveSlots(database),
    runningJobs(database),
    waitingJobs(database),
    queue.order(),
  ]);
  const progress = await publisher.lastProgress(underWay.map(({ jobId }) => jobId));
  const runSeconds = learnRunTimes(runs);
  // Of a workflow that never ran nothing is known; it takes as long as anything.
  const usual = median(runs.map(({ seconds }) => seconds)) ?? 0;
  const running = underWay.map((job) => {
    const expected = runSeconds(job, job.backendId) ?? usual;
    const left = progress.get(job.jobId)?.etaSeconds ?? expected - job.seconds;
    return { backendId: job.backendId, seconds: Math.max(left, expected * OVERDUE_SHARE) };
  });
  const waiting = order.map((jobId) => {
    const job = jobs.get(jobId);
    return (backendId: string) => (job === undefined ? usual : (runSeconds(job, backendId) ?? usual));
  });
  const slotCount = [...slots.values()].reduce((sum, count) => sum + count, 0);
  const turnSeconds = usual / Math.max(1, slotCount);
  return { runSeconds, starts: scheduleStarts({ slots, running, waiting }), turnSeconds, readAt };
}
