import { type Database, liveSlots, queuedJobs, recentRuns, runningJobs } from "@darkroom/db";
import type { Services } from "../context.ts";
import { offAt, partBelow, type Spread, shareAt } from "./duration-ratios.ts";
import { learnRunTimes, type RunLength, type RunModel, usualLength } from "./run-model.ts";
import { layOut, type Schedule } from "./schedule.ts";
import { draw, seedOf } from "./seeded-random.ts";

/** What estimates are made of. */
export interface Pace {
  readonly lengthOf: RunModel;
  /** The ways in which the queue may go, one as likely as the other, from `readAt`; only one while no spread is known. */
  readonly schedules: readonly Schedule[];
  /** Waiting job → its place in the schedules. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** Seconds between two starts, as runs usually are: for jobs that came after that. */
  readonly turnSeconds: number;
  /** By the clock of `performance.now()`. */
  readonly readAt: number;
}

/** An estimate may be this old, in milliseconds; what it costs a busy server then does not show. */
const FRESH_MS = 1000;
/** A run that lasts longer than was thought will end soon, but nobody knows when: this share of what was thought. */
const OVERDUE_SHARE = 0.05;
/** Ways in which the queue may go that are looked at: enough to tell what five in a hundred are, */
const MOST_WAYS = 100;
/** and behind very many jobs fewer, whose lengths make up for each other: it would take too long. */
const LEAST_WAYS = 20;
const RUNS_LOOKED_AT = 20_000;
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
    queuedJobs(database),
    queue.order(),
  ]);
  const progress = await publisher.lastProgress(underWay.map(({ jobId }) => jobId));
  const running = underWay.map((job) => ({ ...job, etaSeconds: progress.get(job.jobId)?.etaSeconds ?? null }));
  const waiting = order.map((jobId) => jobs.get(jobId) ?? { jobId });
  return { ...foresee({ runs, slots, running, waiting }), readAt };
}

/** What is known of the queue at one moment. */
export interface Moment {
  readonly runs: Parameters<typeof learnRunTimes>[0];
  /** Backend → how many jobs it runs at once. */
  readonly slots: ReadonlyMap<string, number>;
  /** `etaSeconds`: what its backend's own progress says is left; null while it says nothing. */
  readonly running: readonly (Awaited<ReturnType<typeof runningJobs>>[number] & {
    readonly etaSeconds: number | null;
  })[];
  /** In turn; of one that Redis names and Postgres does not (yet), only the id. */
  readonly waiting: readonly (QueuedJob | { readonly jobId: string })[];
}
type QueuedJob = Awaited<ReturnType<typeof queuedJobs>> extends Map<string, infer Job> ? Job : never;

/**
 * The ways in which the queue may go from here. In each of them every run takes as long as one of those that were
 * learned from, in proportion to its work; which one is drawn for each job and way, and stays the same from one look to
 * the next, so that estimates move only with what happens.
 */
export function foresee({ runs, slots, running, waiting }: Moment): Omit<Pace, "readAt"> {
  const lengthOf = learnRunTimes(runs);
  const usual = usualLength(runs);
  const backendIds = [...slots.keys()];
  const places = waiting.map((job) => {
    const lengths = new Map<string, RunLength>();
    for (const backendId of backendIds) {
      if (!("workflowId" in job)) lengths.set(backendId, usual);
      else if (job.backendIds === null || job.backendIds.includes(backendId)) {
        lengths.set(backendId, lengthOf(job, backendId) ?? usual);
      }
    }
    return { seed: seedOf(job.jobId), lengths };
  });
  const begun = running.map((job) => ({
    ...job,
    seed: seedOf(job.jobId),
    length: lengthOf(job, job.backendId) ?? usual,
  }));
  const wayCount = Math.max(LEAST_WAYS, Math.min(MOST_WAYS, Math.round(RUNS_LOOKED_AT / Math.max(1, waiting.length))));
  const ways = usual.spread === null ? [null] : Array.from({ length: wayCount }, (_, way) => way);
  const schedules = ways.map((way) => {
    const share = sharesOf(way, usual);
    return layOut({
      slots,
      running: begun.map((job) => ({ backendId: job.backendId, seconds: leftOf(job, share) })),
      waiting: places,
      canRun: ({ lengths }, backendId) => lengths.has(backendId),
      secondsOn: ({ seed, lengths }, backendId) => {
        const length = lengths.get(backendId) ?? usual;
        return length.seconds * share(length, seed, 0);
      },
    });
  });
  const slotCount = [...slots.values()].reduce((sum, count) => sum + count, 0);
  return {
    lengthOf,
    schedules,
    placeOf: new Map(waiting.map(({ jobId }, place) => [jobId, place])),
    turnSeconds: usual.seconds / Math.max(1, slotCount),
  };
}

/** The share of its learned length that a job's run takes, if it is longer than `part` of all runs already. */
type Shares = (length: RunLength, seed: number, part: number) => number;

/** One way: null is that of everything taking what was learned. */
function sharesOf(way: number | null, usual: RunLength): Shares {
  if (way === null) return () => 1;
  const common = draw(seedOf("common"), way);
  const offs = new Map<Spread, number>();
  const offOf = (spread: Spread): number => {
    const off = offs.get(spread) ?? offAt(spread, common);
    offs.set(spread, off);
    return off;
  };
  return (length, seed, part) => {
    const spread = length.spread ?? usual.spread;
    return spread === null ? 1 : shareAt(spread, part + (1 - part) * draw(seed, way)) * offOf(spread);
  };
}

/** What a run that has begun still takes. */
function leftOf(
  job: {
    readonly seconds: number;
    readonly etaSeconds: number | null;
    readonly seed: number;
    readonly length: RunLength;
  },
  share: Shares,
): number {
  const { seconds, etaSeconds, seed, length } = job;
  const expected = length.seconds;
  if (etaSeconds !== null) return Math.max(etaSeconds * share(length, seed, 0), expected * OVERDUE_SHARE);
  const part = length.spread === null || expected === 0 ? 0 : partBelow(length.spread, seconds / expected);
  return Math.max(expected * share(length, seed, part) - seconds, expected * OVERDUE_SHARE);
}
