import type { RunTime } from "@darkroom/db";
import { describe, expect, test } from "vitest";
import { estimateWait } from "./estimate.ts";
import { learnRunTimes } from "./run-model.ts";
import { scheduleStarts } from "./schedule.ts";

const run = (seconds: number, size: RunTime["size"] = {}, backendId = "b1"): RunTime => ({
  workflowId: "picture",
  backendId,
  size,
  seconds,
});
const job = (size: RunTime["size"] = {}) => ({ workflowId: "picture", size });

describe("a run's length", () => {
  test("is learned from runs of other sizes, whatever one cold start took", () => {
    const runs = [run(3, { steps: 4 }), run(5, { steps: 8 }), run(60, { steps: 8 }), run(11, { steps: 20 })];
    const model = learnRunTimes(runs);
    expect(model(job({ steps: 12 }), null)).toBeCloseTo(7);
    expect(model(job({ steps: 50 }), null)).toBeCloseTo(26);
  });

  test("grows with the work when only one size was seen", () => {
    const model = learnRunTimes([run(4, { width: 512, height: 512 }), run(4, { width: 512, height: 512 })]);
    expect(model(job({ width: 1024, height: 512 }), null)).toBeCloseTo(8);
  });

  test("is each backend's own once enough ran there", () => {
    const slow = Array.from({ length: 4 }, () => run(20, {}, "slow"));
    const fast = Array.from({ length: 5 }, () => run(2, {}, "fast"));
    const model = learnRunTimes([...slow, ...fast]);
    expect([model(job(), "slow"), model(job(), "fast"), model(job(), "new")]).toEqual([20, 2, 2]);
  });

  test("is not guessed of a workflow that never ran", () => {
    expect(learnRunTimes([run(5)])({ workflowId: "other", size: {} }, null)).toBeNull();
  });
});

describe("a start", () => {
  const taking = (...seconds: number[]) => seconds.map((each) => () => each);

  test("is when the runs under way and the jobs before it have ended, on the slot that is free first", () => {
    const slots = new Map([
      ["b1", 1],
      ["b2", 1],
    ]);
    const running = [
      { backendId: "b1", seconds: 5 },
      { backendId: "b2", seconds: 9 },
    ];
    expect(scheduleStarts({ slots, running, waiting: taking(10, 2, 3) })).toEqual([5, 9, 11, 14]);
  });

  test("waits for a job that was handed over early to a backend that runs another", () => {
    const running = [
      { backendId: "b1", seconds: 5 },
      { backendId: "b1", seconds: 4 },
    ];
    expect(scheduleStarts({ slots: new Map([["b1", 1]]), running, waiting: taking(1) })).toEqual([9, 10]);
  });

  test("is at once on a free slot, and unknown without any", () => {
    expect(scheduleStarts({ slots: new Map([["b1", 2]]), running: [], waiting: taking(4) })).toEqual([0, 0]);
    expect(scheduleStarts({ slots: new Map(), running: [], waiting: taking(4) })).toEqual([]);
  });
});

describe("an estimate", () => {
  const pace = { runSeconds: learnRunTimes([run(8)]), starts: [5, 25], turnSeconds: 6, readAt: 1000 };

  test("is the wait and the run, less the time since the queue was looked at", () => {
    expect(estimateWait(1, job(), pace, 1000)).toEqual({ position: 1, waitSeconds: 25, etaSeconds: 33 });
    expect(estimateWait(1, job(), pace, 4000)).toEqual({ position: 1, waitSeconds: 22, etaSeconds: 30 });
  });

  test("of a job that came after that look is a turn for each that came with it", () => {
    expect(estimateWait(4, job(), pace, 1000)).toMatchObject({ position: 4, waitSeconds: 43 });
  });

  test("is not made of a workflow that never ran, nor without a slot", () => {
    const unknown = { position: 0, waitSeconds: null, etaSeconds: null };
    expect(estimateWait(0, { workflowId: "other", size: {} }, pace, 1000)).toEqual(unknown);
    expect(estimateWait(0, job(), { ...pace, starts: [] }, 1000)).toEqual(unknown);
  });
});
