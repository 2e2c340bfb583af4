import { expect, it } from "vitest";
import { soak } from "./soak.ts";

it("under a steady load every job succeeds, and Redis has as many connections as at rest", {
  timeout: 240_000,
}, async () => {
  const { ended, errors, samples } = await soak({ ms: 4000, samples: 4, liveEvery: 4 });
  expect(errors).toEqual([]);
  expect([...ended.keys()]).toEqual(["succeeded"]);
  // Two of the web process, two of the worker, one of the soak.
  expect(samples.map(({ connections }) => connections)).toEqual([5, 5, 5, 5]);
  const [{ live } = { live: new Map() }] = samples.slice(-1);
  expect([...live.keys()].sort()).toEqual(["web", "worker"]);
  expect([...live.values()].every(({ heap }) => heap > 1e6)).toBe(true);
});
