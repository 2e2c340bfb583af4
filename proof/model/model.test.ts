import { expect, inject, it } from "vitest";
import { check } from "./check.ts";

it("holds every promise of the queue and of job state in 5,000 random steps", { timeout: 300_000 }, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  console.info(`model seed ${seed}`);
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  const { steps } = await check({ ...urls, steps: 5000, seed, lanes: 2 });
  expect(steps).toBeGreaterThanOrEqual(5000);
});
