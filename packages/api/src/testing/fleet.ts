import type { RunTime } from "@darkroom/db";
import { estimateWait } from "../estimates/estimate.ts";
import { simulate } from "../estimates/forecast.ts";
import { seededRandom } from "../estimates/seeded-random.ts";

// Servers that never ran anything, jobs that come in bursts, and a virtual clock.

export interface Fleet {
  readonly seed: number;
  /** Backend → how many times longer a run takes there. */
  readonly slowness: Readonly<Record<string, number>>;
  readonly workflows: Readonly<Record<string, { readonly secondsPerWork: number; readonly loadSeconds: number }>>;
  /** Side lengths of the pictures. */
  readonly sides: readonly number[];
  readonly steps: readonly [from: number, to: number];
  readonly jobs: number;
  /** Standard deviation of the logarithm of a run's length. */
  readonly noise: number;
  /** Seconds grow with the megapixels to this power, of which the estimates know nothing. */
  readonly power: number;
  /** How many times longer the nth run takes, everywhere. */
  readonly drift: (run: number) => number;
}

/** One look at one waiting job at which a number was shown. */
export interface Told {
  /** Runs that had begun by then. */
  readonly begun: number;
  readonly etaSeconds: number;
  readonly etaRangeSeconds: readonly [low: number, high: number] | null;
  /** When it really ended, in seconds from that look. */
  readonly trueSeconds: number;
}

interface Job {
  readonly jobId: string;
  readonly workflowId: string;
  readonly size: { readonly width: number; readonly height: number; readonly steps: number };
}

/** Runs of a workflow that are learned from: as many as `recentRuns` reads. */
const RUNS_PER_WORKFLOW = 40;
const RESTART_CHANCE = 0.01;

/** Plays a fleet from its first run to its last; at each arrival, start and end every waiting job is looked at. */
export function playFleet(fleet: Fleet): { told: Told[]; silent: number } {
  const { chance, pick, newJob, secondsOf } = chances(fleet);
  const slots = new Map(Object.keys(fleet.slowness).map((backendId) => [backendId, 1]));
  const runs: RunTime[] = [];
  const waiting: Job[] = [];
  const running = new Map<string, { readonly job: Job; readonly from: number; readonly end: number }>();
  const looks: (Omit<Told, "trueSeconds"> & { readonly jobId: string; readonly at: number })[] = [];
  const endOf = new Map<string, number>();
  let [now, nextBurst, came, begun, silent] = [0, 0, 0, 0, 0];

  function look(): void {
    const forecast = {
      ...simulate({
        runs: lastRuns(runs),
        slots,
        running: [...running].map(([backendId, { job, from }]) => ({
          ...job,
          ...{ backendId, seconds: now - from, etaSeconds: null },
        })),
        waiting: waiting.map((job) => ({ ...job, backendIds: null })),
      }),
      readAt: 0,
    };
    for (const [position, job] of waiting.entries()) {
      const { etaSeconds, etaRangeSeconds } = estimateWait(position, job, forecast, 0);
      if (etaSeconds === null) silent += 1;
      else looks.push({ jobId: job.jobId, at: now, begun, etaSeconds, etaRangeSeconds });
    }
  }

  for (;;) {
    for (const backendId of slots.keys()) {
      const job = running.has(backendId) ? undefined : waiting.shift();
      if (job === undefined) continue;
      begun += 1;
      running.set(backendId, { job, from: now, end: now + secondsOf(job, backendId, begun) });
    }
    look();
    const [first] = [...running].sort(([, a], [, b]) => a.end - b.end);
    if (came < fleet.jobs && (first === undefined || nextBurst <= first[1].end)) {
      now = Math.max(now, nextBurst);
      const usual = pick(Object.keys(fleet.workflows));
      for (let left = 1 + Math.floor(6 * chance()); left > 0; left -= 1) {
        waiting.push(newJob(came, chance() < 0.7 ? usual : pick(Object.keys(fleet.workflows))));
        came += 1;
      }
      nextBurst = now + 60 * chance();
      continue;
    }
    if (first === undefined) break;
    const [backendId, { job, from, end }] = first;
    now = end;
    running.delete(backendId);
    endOf.set(job.jobId, end);
    runs.unshift({ ...job, backendId, seconds: end - from });
  }
  return {
    told: looks.map(({ jobId, at, ...told }) => ({ ...told, trueSeconds: (endOf.get(jobId) ?? 0) - at })),
    silent,
  };
}

/** Which part (0–1) of the numbers that were shown held what became true. One without a range holds only itself. */
export function coverageOf(told: readonly Told[]): number {
  const held = told.filter(({ etaSeconds, etaRangeSeconds, trueSeconds }) => {
    const [low, high] = etaRangeSeconds ?? [etaSeconds, etaSeconds];
    return low <= trueSeconds && trueSeconds <= high;
  });
  return held.length / told.length;
}

/** What is left to chance in a fleet, the same for the same seed. */
function chances({ seed, slowness, workflows, sides, steps, noise, power, drift }: Fleet) {
  let turn = 0;
  const chance = (): number => {
    turn += 1;
    return seededRandom(seed, turn);
  };
  const pick = <T>(some: readonly T[]): T => {
    const picked = some[Math.floor(chance() * some.length)];
    if (picked === undefined) throw new Error("there is nothing to pick from");
    return picked;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const inMemory = new Map<string, string>();
  const newJob = (index: number, workflowId: string): Job => ({
    jobId: `${seed} ${index}`,
    workflowId,
    size: { width: pick(sides), height: pick(sides), steps: Math.round(steps[0] + chance() * (steps[1] - steps[0])) },
  });
  const secondsOf = ({ workflowId, size }: Job, backendId: string, run: number): number => {
    const { secondsPerWork, loadSeconds } = workflows[workflowId] ?? { secondsPerWork: 0, loadSeconds: 0 };
    const isWarm = inMemory.get(backendId) === workflowId && chance() > RESTART_CHANCE;
    inMemory.set(backendId, workflowId);
    const work = size.steps * ((size.width * size.height) / 1e6) ** power;
    const seconds = 0.4 + (isWarm ? 0 : loadSeconds) + secondsPerWork * work * Math.exp(noise * normal());
    return seconds * (slowness[backendId] ?? 1) * drift(run);
  };
  return { chance, pick, newJob, secondsOf };
}

function lastRuns(runs: readonly RunTime[]): RunTime[] {
  const counts = new Map<string, number>();
  return runs.filter(({ workflowId }) => {
    const count = (counts.get(workflowId) ?? 0) + 1;
    counts.set(workflowId, count);
    return count <= RUNS_PER_WORKFLOW;
  });
}
