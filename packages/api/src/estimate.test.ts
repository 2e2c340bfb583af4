import { expect, test } from "vitest";
import { estimateWait, type Pace } from "./estimate.ts";

const pace: Pace = {
  medianSeconds: new Map([["picture", 8]]),
  turnSeconds: 10,
  slots: 2,
  running: [5, 25],
};

test("a job waits for what is left of the runs and for the jobs before it, spread over the slots", () => {
  expect(estimateWait(3, "picture", pace)).toEqual({ position: 3, waitSeconds: 30, etaSeconds: 38 });
});

test("a run that has told nothing yet counts half a turn", () => {
  expect(estimateWait(0, "picture", { ...pace, running: [null, null] })).toMatchObject({ waitSeconds: 5 });
});

test("a job for which a slot is free starts at once", () => {
  expect(estimateWait(0, "picture", { ...pace, running: [5] })).toEqual({ position: 0, waitSeconds: 0, etaSeconds: 8 });
});

test("nothing is guessed of a workflow that never ran, nor without a slot", () => {
  const unknown = { position: 0, waitSeconds: null, etaSeconds: null };
  expect(estimateWait(0, "other", pace)).toEqual(unknown);
  expect(estimateWait(0, "picture", { ...pace, slots: 0 })).toEqual(unknown);
});
