import type { RunTime } from "@darkroom/db";
import { describe, expect, test } from "vitest";
import { estimateWait } from "./estimate.ts";
import { learnRunTimes } from "./run-model.ts";
import { schedule } from "./schedule.ts";

const run = (seconds: number, size: RunTime["size"] = {}, backendId = "b1"): RunTime => ({
  workflowId: "picture",
  backendId,
  size,
  seconds,
});
const job = (size: RunTime["size"] = {}, workflowId = "picture") => ({ jobId: "J", workflowId, size });
const learn = (runs: readonly RunTime[]) => {
  const model = learnRunTimes(runs);
  return (each: ReturnType<typeof job>, backendId: string | null) => model(each, backendId)?.seconds;
};

describe("a run's length", () => {
  test("is learned from runs of other sizes, whatever one cold start took", () => {
    const runs = [run(3, { steps: 4 }), run(5, { steps: 8 }), run(60, { steps: 8 }), run(11, { steps: 20 })];
    const model = learn(runs);
    expect(model(job({ steps: 12 }), null)).toBeCloseTo(7);
    expect(model(job({ steps: 50 }), null)).toBeCloseTo(26);
  });

  test("grows with the work when only one size was seen", () => {
    const model = learn([run(4, { width: 512, height: 512 }), run(4, { width: 512, height: 512 })]);
    expect(model(job({ width: 1024, height: 512 }), null)).toBeCloseTo(8);
  });

  test("is each backend's own once enough ran there", () => {
    const slow = Array.from({ length: 4 }, () => run(20, {}, "slow"));
    const fast = Array.from({ length: 5 }, () => run(2, {}, "fast"));
    const model = learn([...slow, ...fast]);
    expect([model(job(), "slow"), model(job(), "fast"), model(job(), "new")]).toEqual([20, 2, 2]);
  });

  test("is not guessed of a workflow that never ran", () => {
    expect(learnRunTimes([run(5)])(job({}, "other"), null)).toBeNull();
  });

  test("spreads as runs did, and not at all while few were seen", () => {
    const runs = Array.from({ length: 20 }, (_, index) => run(8 + (index % 5)));
    const ratios = learnRunTimes(runs)(job(), null)?.ratios ?? [];
    expect(ratios[0]).toBeCloseTo(0.78, 1);
    expect(ratios.at(-1)).toBeCloseTo(1.22, 1);
    expect(learnRunTimes(runs.slice(0, 7))(job(), null)?.ratios).toBeNull();
  });
});

describe("a start", () => {
  const secondsOn = (seconds: number) => seconds;
  const anywhere = { canRun: () => true, secondsOn };
  const two = new Map([
    ["b1", 1],
    ["b2", 1],
  ]);

  test("is when the runs under way and the jobs before it have ended, on the slot that is free first", () => {
    const running = [
      { backendId: "b1", seconds: 5 },
      { backendId: "b2", seconds: 9 },
    ];
    const { starts, ends } = schedule({ slots: two, running, waiting: [10, 2, 3], ...anywhere });
    expect(starts).toEqual([5, 9, 11, 14]);
    expect(ends).toEqual([15, 11, 14]);
  });

  test("waits for a job that was handed over early to a backend that runs another", () => {
    const running = [
      { backendId: "b1", seconds: 5 },
      { backendId: "b1", seconds: 4 },
    ];
    const { starts } = schedule({ slots: new Map([["b1", 1]]), running, waiting: [1], ...anywhere });
    expect(starts).toEqual([9, 10]);
  });

  test("waits for a backend that can run it, and for nothing that none can run", () => {
    const only = (backendId: string | null) => ({ canRun: (_: number, on: string) => on === backendId, secondsOn });
    const on1 = schedule({ slots: two, running: [], waiting: [4, 4], ...only("b1") });
    expect(on1.starts).toEqual([0, 4, 0]);
    const nowhere = schedule({ slots: two, running: [], waiting: [4], ...only(null) });
    expect(nowhere.starts).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  test("is at once on a free slot, and never without any", () => {
    expect(schedule({ slots: new Map([["b1", 2]]), running: [], waiting: [4], ...anywhere }).starts).toEqual([0, 0]);
    const { starts } = schedule({ slots: new Map(), running: [], waiting: [4], ...anywhere });
    expect(starts).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});

describe("an estimate", () => {
  const schedule = { starts: [5, 25], ends: [13] };
  const rest = { placeOf: new Map(), turnSeconds: 6, readAt: 1000 };
  const forecast = { lengthOf: learnRunTimes([run(8)]), schedules: [schedule], ...rest };

  test("is the wait and the run, less the time since the queue was looked at", () => {
    const wait = { position: 1, etaRangeSeconds: null };
    expect(estimateWait(1, job(), forecast, 1000)).toEqual({ ...wait, waitSeconds: 25, etaSeconds: 33 });
    expect(estimateWait(1, job(), forecast, 4000)).toEqual({ ...wait, waitSeconds: 22, etaSeconds: 30 });
  });

  test("of a job that came after that look is a turn for each that came with it", () => {
    expect(estimateWait(4, job(), forecast, 1000)).toMatchObject({ position: 4, waitSeconds: 43 });
  });

  test("is not made of a workflow that never ran, nor without a slot", () => {
    const unknown = { position: 0, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
    expect(estimateWait(0, job({}, "other"), forecast, 1000)).toEqual(unknown);
    const never = { starts: [Number.POSITIVE_INFINITY], ends: [] };
    expect(estimateWait(0, job(), { ...forecast, schedules: [never] }, 1000)).toEqual(unknown);
  });
});
