import { expect, test } from "vitest";
import { picture, serve } from "./testing/serve.ts";

test("a thousand waits share one subscription, and are told within a second of the end", {
  timeout: 60_000,
}, async () => {
  const { api, client, upgrades } = await serve();
  const items = Array.from({ length: 100 }, () => picture);
  const batches = await Promise.all(Array.from({ length: 10 }, () => client.trpc.job.submitBatch.mutate({ items })));
  const jobs = batches.flatMap((batch) => batch.jobs);
  const ends = Promise.all(jobs.map(({ jobId }) => client.job(jobId).wait()));
  await expect.poll(() => api.hub.stats().subscriptions, { timeout: 20_000 }).toBe(1);
  for (const { batchId } of batches) await client.trpc.job.cancel.mutate({ batchId });
  const endedAt = performance.now();
  expect(new Set((await ends).map(({ state }) => state))).toEqual(new Set(["canceled"]));
  expect(performance.now() - endedAt).toBeLessThan(1000);
  expect(upgrades()).toBe(1);
});

test("of any number of calls made at once few are under way, so that none is refused for it", async () => {
  const { client, calls } = await serve();
  const submitted = await Promise.all(Array.from({ length: 150 }, () => client.submit(picture)));
  expect(new Set(submitted.map(({ jobId }) => jobId)).size).toBe(150);
  // Sixteen, and those whose answers are on their way.
  expect(calls.most).toBeLessThan(32);
});
