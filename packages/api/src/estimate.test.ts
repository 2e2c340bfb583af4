import { expect, test } from "vitest";
import { estimateWait, type Pace } from "./estimate.ts";

const pace: Pace = {
  medianSeconds: new Map([["picture", 8]]),
  turnSeconds: 10,
  slots: { held: 2, total: 2 },
};

test("a job waits for the turns before it and for half of what runs, spread over the slots", () => {
  expect(estimateWait(3, "picture", pace)).toEqual({ position: 3, waitSeconds: 20, etaSeconds: 28 });
});

test("a job for which a slot is free starts at once", () => {
  const idle = { ...pace, slots: { held: 1, total: 2 } };
  expect(estimateWait(0, "picture", idle)).toEqual({ position: 0, waitSeconds: 0, etaSeconds: 8 });
});

test("nothing is guessed of a workflow that never ran, nor without a slot", () => {
  const unknown = { position: 0, waitSeconds: null, etaSeconds: null };
  expect(estimateWait(0, "other", pace)).toEqual(unknown);
  expect(estimateWait(0, "picture", { ...pace, slots: { held: 0, total: 0 } })).toEqual(unknown);
});
