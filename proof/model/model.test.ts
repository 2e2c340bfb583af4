import { expect, inject, it } from "vitest";
import { check } from "./check.ts";

/** On a busy machine fewer steps are taken rather than more time; `pnpm test:model` takes them all. */
const maxMs = 20_000;

it("holds every promise of the queue and of job state in 5,000 random steps", { timeout: 120_000 }, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  console.info(`model seed ${seed}`);
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  const { steps } = await check({ ...urls, steps: 5000, maxMs, seed, lanes: 2 });
  console.info(`${steps} steps`);
  expect(steps).toBeGreaterThan(0);
});
