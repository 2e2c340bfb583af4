import { hash32 } from "@darkroom/contracts";
import { type Database, liveSlots, queuedJobs, recentRuns, runningJobs } from "@darkroom/db";
import type { Services } from "../context.ts";
import { quantileOf, ratioAtQuantile } from "./duration-ratios.ts";
import { learnRunTimes, type RunLength, type RunMemory, type RunModel } from "./run-model.ts";
import { type Schedule, schedule } from "./schedule.ts";
import { seededRandom } from "./seeded-random.ts";

/** A Monte Carlo forecast of the queue: what estimates are read off. */
export interface Forecast {
  readonly lengthOf: RunModel;
  /** The samples: each a way the queue may go from `readAt`, all equally likely. */
  readonly schedules: readonly Schedule[];
  /** Waiting job → its place in the schedules. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** The workflow behind which one job more would run; null: no job is known. */
  readonly lastWorkflowId: string | null;
  /** By the clock of `performance.now()`. */
  readonly readAt: number;
}

/** Milliseconds that a forecast is used for, so that making it costs a busy server next to nothing. */
const FRESH_MS = 1000;
/** What a run that is overdue still takes, as a share of its predicted length: soon, but nobody knows when. */
const OVERDUE_RATIO = 0.05;
/** Samples of a short queue: enough to tell the 5th and the 95th percentile. */
const MAX_SAMPLES = 100;
/** Samples of a very long queue. It would take too long otherwise, and the lengths of many jobs even out anyway. */
const MIN_SAMPLES = 20;
/** Runs that one forecast lays out at most, over all samples. */
const MAX_SIMULATED_RUNS = 20_000;

const known = new WeakMap<Database, { readonly at: number; readonly forecast: Promise<Forecast> }>();

const memories = new WeakMap<Database, RunMemory>();

type Needed = Pick<Services, "database" | "publisher" | "queue">;

/** The forecast of now, made at most once a second per process. Rejects while Redis or Postgres is down. */
export function readForecast(services: Needed): Promise<Forecast> {
  const { database } = services;
  const entry = known.get(database);
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.forecast;
  const forecast = read(services);
  known.set(database, { at: performance.now(), forecast });
  forecast.catch(() => known.delete(database));
  return forecast;
}

async function read({ database, publisher, queue }: Needed): Promise<Forecast> {
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
  const memory = memories.get(database) ?? new Map();
  memories.set(database, memory);
  return { ...simulate({ runs, slots, running, waiting }, memory), readAt };
}

/** What is known of the queue at one moment. */
export interface QueueState {
  readonly runs: Parameters<typeof learnRunTimes>[0];
  /** Backend → how many jobs it runs at once. */
  readonly slots: ReadonlyMap<string, number>;
  /** `etaSeconds`: what its backend's own progress says is left; null while it says nothing. */
  readonly running: readonly (Awaited<ReturnType<typeof runningJobs>>[number] & {
    readonly etaSeconds: number | null;
  })[];
  /** In the order of their turns. A job that Redis names and Postgres does not (yet) has only its id. */
  readonly waiting: readonly (QueuedJob | { readonly jobId: string })[];
}
type QueuedJob = Awaited<ReturnType<typeof queuedJobs>> extends Map<string, infer Job> ? Job : never;

/** What a job takes on a backend after one of its own workflow, and after one of another. */
interface Lengths {
  readonly same: RunLength | null;
  readonly change: RunLength | null;
}

/**
 * Samples how the queue may go from here. In each sample every run takes as long as one of those that were learned from,
 * in proportion to its work. Which one depends on the job and the sample alone, not on the moment, so that an estimate
 * moves only when something happens.
 *
 * A run of unknown length takes no time in every other sample and never ends in the rest: what lies behind it is between
 * the two. It gets an estimate only if another slot is sure to take it; a guess of the usual length would be told as known.
 */
export function simulate(
  { runs, slots, running, waiting }: QueueState,
  memory: RunMemory = new Map(),
): Omit<Forecast, "readAt"> {
  const lengthOf = learnRunTimes(runs, memory);
  const backendIds = [...slots.keys()];
  /** The workflow that ran on a backend before a run that begins there, or before the one that is under way. */
  const lastRunOn = (backendId: string): string | null =>
    runs.find((run) => run.backendId === backendId)?.workflowId ?? null;
  const lastOn = new Map(
    backendIds.map((backendId) => [
      backendId,
      running.findLast((job) => job.backendId === backendId)?.workflowId ?? lastRunOn(backendId),
    ]),
  );
  const places = waiting.map((job) => {
    const lengths = new Map<string, Lengths>();
    const workflowId = "workflowId" in job ? job.workflowId : null;
    for (const backendId of backendIds) {
      if (!("workflowId" in job)) lengths.set(backendId, { same: null, change: null });
      else if (job.backendIds === null || job.backendIds.includes(backendId)) {
        lengths.set(backendId, { same: lengthOf(job, backendId, false), change: lengthOf(job, backendId, true) });
      }
    }
    return { seed: hash32(job.jobId), workflowId, lengths };
  });
  const begun = running.map((job) => ({
    ...job,
    seed: hash32(job.jobId),
    length: lengthOf(job, job.backendId, lastRunOn(job.backendId) !== job.workflowId),
  }));
  const sampleCount = Math.max(
    MIN_SAMPLES,
    Math.min(MAX_SAMPLES, Math.round(MAX_SIMULATED_RUNS / Math.max(1, waiting.length))),
  );
  const schedules = Array.from({ length: sampleCount }, (_, sample) => {
    const ratioOf = sampleOf(sample);
    const unknownSeconds = sample % 2 === 0 ? 0 : Number.POSITIVE_INFINITY;
    return schedule({
      slots,
      running: begun.map((job) => ({
        backendId: job.backendId,
        seconds: job.length === null ? unknownSeconds : leftOf({ ...job, length: job.length }, ratioOf),
      })),
      waiting: places,
      canRun: ({ lengths }, backendId) => lengths.has(backendId),
      secondsOn: ({ seed, workflowId, lengths }, backendId, after) => {
        const isChange = (after === undefined ? lastOn.get(backendId) : after.workflowId) !== workflowId;
        const length = lengths.get(backendId)?.[isChange ? "change" : "same"] ?? null;
        return length === null ? unknownSeconds : length.seconds * ratioOf(length, seed, 0);
      },
    });
  });
  return {
    lengthOf,
    schedules,
    placeOf: new Map(waiting.map(({ jobId }, place) => [jobId, place])),
    lastWorkflowId: (places.at(-1) ?? running.at(-1) ?? runs[0])?.workflowId ?? null,
  };
}

/**
 * True length / predicted length of a job's run in one sample. `passed`: the quantile (0–1) that the run has reached
 * already; what it takes in the end lies above it.
 */
type RatioOf = (length: RunLength, seed: number, passed: number) => number;

/** The ratios of one sample. */
function sampleOf(sample: number): RatioOf {
  const common = seededRandom(hash32("common"), sample);
  return ({ ratios, drifts }, seed, passed) =>
    ratioAtQuantile(ratios, passed + (1 - passed) * seededRandom(seed, sample)) * ratioAtQuantile(drifts, common);
}

/** Seconds that a run which has begun still takes in one sample. */
function leftOf(
  job: {
    readonly seconds: number;
    readonly etaSeconds: number | null;
    readonly seed: number;
    readonly length: RunLength;
  },
  ratioOf: RatioOf,
): number {
  const { seconds, etaSeconds, seed, length } = job;
  const expected = length.seconds;
  if (etaSeconds !== null) return Math.max(etaSeconds * ratioOf(length, seed, 0), expected * OVERDUE_RATIO);
  const passed = expected === 0 ? 0 : quantileOf(length.ratios, seconds / expected);
  return Math.max(expected * ratioOf(length, seed, passed) - seconds, expected * OVERDUE_RATIO);
}
