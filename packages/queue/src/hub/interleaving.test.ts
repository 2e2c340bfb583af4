import fc from "fast-check";
import { describe, test } from "vitest";
import { play, type Step, steps } from "../testing/interleaving.ts";

/** A failure names its seed and its shortest steps: put `seed` and `path` beside `numRuns` to replay it. */
const check = (options: fc.Parameters<[readonly Step[]]>) =>
  fc.assert(fc.asyncProperty(steps, play), { ...options, interruptAfterTimeLimit: 45_000 });

describe("hub, interleavings", () => {
  test("every reader gets every durable event once and in order, and progress only in its place, however things interleave", async () => {
    await check({ numRuns: 100 });
  });

  test("the interleavings that found each fault once stay whole", async () => {
    await check({ numRuns: 150, seed: 1, endOnFailure: true });
  });
});
