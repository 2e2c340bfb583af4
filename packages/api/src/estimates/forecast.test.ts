import { hash32 } from "@darkroom/contracts";
import type { RunTime } from "@darkroom/db";
import { describe, expect, test } from "vitest";
import { estimateWait } from "./estimate.ts";
import { type QueueState, simulate } from "./forecast.ts";
import { median } from "./quantile.ts";
import { seededRandom } from "./seeded-random.ts";

// Queues that go as real ones do: servers of different speed, runs that are never equally long, models that have to be
// loaded when another was in use, and now and then a server that was started anew. The model knows none of that but
// what the last runs took.

const workflows = ["sketch", "portrait", "poster"] as const;
const secondsPerStep = { sketch: 0.25, portrait: 0.6, poster: 1.5 } as const;
const speeds: Readonly<Record<string, number>> = { fast: 1, slow: 1.6 };
const LOAD_SECONDS = 2.5;
const COLD_START_SECONDS = 8;

interface Planned {
  readonly jobId: string;
  readonly workflowId: (typeof workflows)[number];
  readonly size: { readonly steps: number };
}

/** Servers, and what each has in its memory. */
function createServers(seed: number) {
  let turn = 0;
  const chance = () => {
    turn += 1;
    return seededRandom(seed, turn);
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const inMemory = new Map<string, string>();
  const plan = (name: string): Planned => ({
    jobId: `${seed} ${name}`,
    workflowId: workflows[Math.floor(chance() ** 2 * workflows.length)] ?? "sketch",
    size: { steps: 8 + Math.floor(chance() * 24) },
  });
  /** What a run takes that begins now. */
  const run = ({ workflowId, size }: Planned, backendId: string): number => {
    const warm = secondsPerStep[workflowId] * size.steps * (speeds[backendId] ?? 1) * Math.exp(0.15 * normal());
    const isNew = chance() < 0.02;
    const load = isNew ? COLD_START_SECONDS : inMemory.get(backendId) === workflowId ? 0 : LOAD_SECONDS;
    inMemory.set(backendId, workflowId);
    return 0.4 + warm + load;
  };
  return { chance, plan, run };
}

/** A moment of a busy queue, and when each waiting job then really ended. */
function busyQueue(seed: number): { moment: QueueState; ends: ReadonlyMap<string, number> } {
  const { chance, plan, run } = createServers(seed);
  const backendIds = Object.keys(speeds);
  const runs: RunTime[] = Array.from({ length: 110 }, (_, index) => {
    const backendId = backendIds[index % 2] ?? "fast";
    const job = plan(`run ${index}`);
    return { ...job, backendId, seconds: run(job, backendId) };
  });
  const free = backendIds.map((backendId) => {
    const job = plan(`on ${backendId}`);
    const total = run(job, backendId);
    const seconds = total * chance();
    return { backendId, at: total - seconds, job: { ...job, backendId, seconds, etaSeconds: null } };
  });
  const running = free.map(({ job }) => job);
  const waiting = Array.from({ length: 2 + Math.floor(chance() * 10) }, (_, index) => plan(`job ${index}`));
  const ends = new Map<string, number>();
  for (const job of waiting) {
    const slot = free.reduce((first, each) => (each.at < first.at ? each : first));
    slot.at += run(job, slot.backendId);
    ends.set(job.jobId, slot.at);
  }
  const slots = new Map(backendIds.map((backendId) => [backendId, 1]));
  const queued = waiting.map((job) => ({ ...job, backendIds: null }));
  return { moment: { runs: runs.reverse(), slots, running, waiting: queued }, ends };
}

function estimatesOf(seed: number) {
  const { moment, ends } = busyQueue(seed);
  const forecast = { ...simulate(moment), readAt: 0 };
  return moment.waiting.map((job, position) => ({
    end: ends.get(job.jobId) ?? 0,
    ...estimateWait(position, job as Planned, forecast, 0),
  }));
}

describe("on queues that go as real ones do", () => {
  const estimates = Array.from({ length: 120 }, (_, index) => estimatesOf(hash32(`queue ${index}`))).flat();
  const coverageOf = (some: typeof estimates): number => {
    const ranged = some.flatMap(({ end, etaRangeSeconds: range }) => (range === null ? [] : [{ end, range }]));
    return ranged.filter(({ end, range: [low, high] }) => low <= end && end <= high).length / ranged.length;
  };

  test("the range holds nine jobs in ten and hardly more, at the head of the queue and far back in it", () => {
    expect(estimates.length).toBeGreaterThan(600);
    for (const some of [
      estimates,
      estimates.filter(({ position }) => position < 2),
      estimates.filter(({ position }) => position > 5),
    ]) {
      expect(coverageOf(some)).toBeGreaterThan(0.9);
      expect(coverageOf(some)).toBeLessThan(0.98);
    }
  });

  test("half of the estimates are at most a fifth off, of all jobs and of those behind five others", () => {
    const errorsOf = (some: typeof estimates) =>
      median(some.map(({ end, etaSeconds }) => Math.abs((etaSeconds ?? 0) - end) / end));
    expect(errorsOf(estimates)).toBeLessThan(0.2);
    expect(errorsOf(estimates.filter(({ position }) => position === 5))).toBeLessThan(0.2);
  });

  test("the range grows with what is before a job, and stays well below what is left", () => {
    const widthAt = (position: number) =>
      median(
        estimates.flatMap(({ position: its, etaRangeSeconds: range }) =>
          its === position && range !== null ? [range[1] - range[0]] : [],
        ),
      ) ?? 0;
    expect(widthAt(5)).toBeGreaterThan(1.3 * widthAt(0));
    const parts = estimates.flatMap(({ end, etaRangeSeconds: range }) =>
      range === null ? [] : [(range[1] - range[0]) / end],
    );
    expect(median(parts)).toBeLessThan(0.8);
  });

  test("a queue is laid out a hundred times, and a long one less often, so that it takes a bounded time", () => {
    const { moment } = busyQueue(7);
    const samplesOf = (jobs: number) => {
      const waiting = Array.from({ length: jobs }, (_, nth) => ({ jobId: `${nth}` }));
      return simulate({ ...moment, waiting }).schedules.length;
    };
    expect([0, 200, 500, 1000, 5000].map(samplesOf)).toEqual([100, 100, 40, 20, 20]);
  });

  test("the same queue gives the same estimate", () => {
    expect(estimatesOf(7)).toEqual(estimatesOf(7));
  });
});
