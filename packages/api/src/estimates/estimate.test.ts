import type { RunTime } from "@darkroom/db";
import { describe, expect, test } from "vitest";
import { estimateWait } from "./estimate.ts";
import { simulate } from "./forecast.ts";
import { learnRunTimes, type RunMemory } from "./run-model.ts";
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
  return (each: ReturnType<typeof job>, backendId: string | null, isChange = false) =>
    model(each, backendId, isChange)?.seconds;
};

describe("a run's length", () => {
  test("is learned from runs of other sizes, whatever one cold start took", () => {
    const steps = [4, 8, 20, 10, 16, 6, 12, 18, 14];
    const model = learn([...steps.map((count) => run(1 + count / 2, { steps: count })), run(60, { steps: 8 })]);
    expect(model(job({ steps: 12 }), null)).toBeCloseTo(7);
    expect(model(job({ steps: 30 }), null)).toBeCloseTo(16);
  });

  test("is the same whether it was learned anew or with what was learned before, run by run", () => {
    const memory: RunMemory = new Map();
    let runs: RunTime[] = [];
    for (let nth = 0; nth < 60; nth++) {
      const workflowId = `w${(nth * 7) % 3}`;
      const next = { ...run(2 + ((nth * 13) % 11), { steps: 4 + (nth % 5) }, `b${nth % 2}`), workflowId };
      runs = [next, ...runs].slice(0, 40);
      const again = learnRunTimes(runs, memory);
      const anew = learnRunTimes(runs);
      for (const each of [job({ steps: 6 }, workflowId), job({ steps: 6 }, "w0")])
        for (const backendId of [null, "b0", "b1"])
          expect(again(each, backendId, nth % 2 === 0)).toEqual(anew(each, backendId, nth % 2 === 0));
    }
    learnRunTimes(
      runs.filter(({ workflowId }) => workflowId !== "w0"),
      memory,
    );
    expect([...memory.keys()].filter((key) => key.startsWith("w0"))).toEqual([]);
  });

  test("grows with the work when only one size was seen", () => {
    const model = learn(Array.from({ length: 9 }, () => run(4, { width: 512, height: 512 })));
    expect(model(job({ width: 1024, height: 512 }), null)).toBeCloseTo(8);
  });

  test("is each backend's own once enough ran there", () => {
    const slow = Array.from({ length: 4 }, () => run(20, {}, "slow"));
    const fast = Array.from({ length: 9 }, () => run(2, {}, "fast"));
    const model = learn([...fast, ...slow]);
    expect([model(job(), "slow"), model(job(), "fast"), model(job(), "new")]).toEqual([20, 2, 2]);
  });

  test("is not guessed of a workflow that never ran, nor of one that ran a few times", () => {
    const runs = Array.from({ length: 9 }, () => run(5));
    expect(learn(runs)(job({}, "other"), null)).toBeUndefined();
    expect(learn(runs.slice(1))(job(), null)).toBeUndefined();
    expect(learn(runs)(job(), null)).toBe(5);
  });

  test("is not guessed of a size that is far from those that ran", () => {
    const model = learn(Array.from({ length: 12 }, (_, index) => run(10 + index, { steps: 10 + index })));
    expect(model(job({ steps: 30 }), null)).toBeCloseTo(30);
    expect([model(job({ steps: 4 }), null), model(job({ steps: 60 }), null)]).toEqual([undefined, undefined]);
  });

  test("is longer after a run of another workflow, by what such runs took more", () => {
    const steps = [4, 8, 20, 10, 16, 6, 12, 18, 14];
    const runs = steps.flatMap((count, index) => {
      const other = { ...run(3), workflowId: "other" };
      return index % 3 === 0 ? [run(7 + count / 2, { steps: count }), other] : [run(1 + count / 2, { steps: count })];
    });
    const model = learn(runs);
    expect(model(job({ steps: 12 }), "b1", false)).toBeCloseTo(7);
    expect(model(job({ steps: 12 }), "b1", true)).toBeCloseTo(13);
  });

  test("spreads as runs did, and one run in as many is as far outside as the extremes lie apart", () => {
    const ratiosOf = (runs: readonly RunTime[]) => learnRunTimes(runs)(job(), null, false)?.ratios ?? [];
    const uneven = ratiosOf(Array.from({ length: 20 }, (_, index) => run(8 + (index % 5))));
    expect(uneven[1]).toBeCloseTo(0.77, 1);
    expect(uneven.at(-2)).toBeCloseTo(1.24, 1);
    expect(Number(uneven.at(-1)) / Number(uneven.at(-2))).toBeGreaterThan(1.05);
    const stalling = ratiosOf(Array.from({ length: 20 }, (_, index) => run(index === 12 ? 40 : 8 + (index % 5))));
    expect(Number(stalling.at(-1)) / Number(stalling.at(-2))).toBeGreaterThan(1.3);
    expect(new Set(ratiosOf(Array.from({ length: 20 }, () => run(8))))).toEqual(new Set([1]));
  });

  test("follows a server that became twice as slow from the third run on", () => {
    const before = Array.from({ length: 20 }, () => run(10));
    expect(learn([run(20), run(20), run(20), ...before])(job(), "b1")).toBe(20);
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

  test("depends on which job runs before which on a slot", () => {
    const dearer = (job: string, _: string, after?: string) => (job === (after ?? "x") ? 1 : 5);
    const waiting = ["x", "y", "y", "x"];
    const { ends } = schedule({ slots: new Map([["b1", 1]]), running: [], waiting, ...anywhere, secondsOn: dearer });
    expect(ends).toEqual([1, 6, 7, 12]);
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
  const rest = { placeOf: new Map([["J", 0]]), lastWorkflowId: "picture", readAt: 1000 };
  const even = { seconds: 8, ratios: [1], drifts: [1] };
  const lengthOf = ({ workflowId }: { readonly workflowId: string }) => (workflowId === "picture" ? even : null);
  const forecast = { lengthOf, schedules: [schedule], ...rest };

  test("is the wait and the run, less the time since the queue was looked at", () => {
    const at = (now: number) => estimateWait(0, job(), forecast, now);
    expect(at(1000)).toEqual({ position: 0, waitSeconds: 5, etaSeconds: 13, etaRangeSeconds: [13, 13] });
    expect(at(4000)).toEqual({ position: 0, waitSeconds: 2, etaSeconds: 10, etaRangeSeconds: [10, 10] });
  });

  test("of a job that came after that look is told at its position, and not behind others that came with it", () => {
    const late = { ...job(), jobId: "late" };
    expect(estimateWait(1, late, forecast, 1000)).toMatchObject({ waitSeconds: 25, etaSeconds: 33 });
    expect(estimateWait(2, late, forecast, 1000)).toMatchObject({ waitSeconds: null, etaSeconds: null });
  });

  test("behind a run of unknown length is told only where another slot is sure to take the job", () => {
    const runs = Array.from({ length: 12 }, () => run(10));
    const told = (slots: readonly string[]) => {
      const running = [{ ...job({}, "new"), jobId: "N", backendId: "b1", seconds: 3, etaSeconds: null }];
      const waiting = [{ ...job(), backendIds: null }];
      const moment = { runs, slots: new Map(slots.map((id) => [id, 1])), running, waiting };
      return estimateWait(0, job(), { ...simulate(moment), readAt: 0 }, 0);
    };
    expect(told(["b1"])).toEqual({ position: 0, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null });
    expect(told(["b1", "b2"])).toMatchObject({ waitSeconds: 0, etaSeconds: 10 });
  });

  test("counts a change of models wherever the queue goes from one workflow to another", () => {
    const other = (seconds: number): RunTime => ({ ...run(seconds), workflowId: "other" });
    // The newest first: after a change a run takes 5 s more.
    const turns = [run(10), run(10), run(15), other(2), other(2), other(7)];
    const queue = ["picture", "picture", "other", "picture"].map((workflowId, index) => ({
      ...job({}, workflowId),
      jobId: `${index}`,
      backendIds: null,
    }));
    const moment = {
      runs: Array.from({ length: 6 }, () => turns).flat(),
      ...{ slots: new Map([["b1", 1]]), running: [], waiting: queue },
    };
    const forecast = { ...simulate(moment), readAt: 0 };
    expect(queue.map((each, position) => estimateWait(position, each, forecast, 0).etaSeconds)).toEqual([
      10, 20, 27, 42,
    ]);
  });

  test("is not made of a workflow that never ran, nor without a slot", () => {
    const unknown = { position: 0, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
    expect(estimateWait(0, job({}, "other"), forecast, 1000)).toEqual(unknown);
    const never = { starts: [Number.POSITIVE_INFINITY], ends: [] };
    expect(estimateWait(0, job(), { ...forecast, schedules: [never] }, 1000)).toEqual(unknown);
  });
});
