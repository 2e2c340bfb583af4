import { setTimeout as sleep } from "node:timers/promises";
import { createDarkroomClient } from "@darkroom/client";

/** Runs of 4 to 24 steps, in an order that favours nobody. */
const steps = [4, 16, 8, 24, 4, 12];
/** So many runs are learned from before anything is estimated. */
const lessons = [4, 8, 12, 16, 24, 8, 4, 16, 12, 20];

/** What the estimates of one round of jobs were worth. */
export interface EstimateErrors {
  /** How far the estimated ends were off, as shares of the true times. */
  readonly errors: readonly number[];
  /** How many of the jobs had a range, and how many of those ended within it. */
  readonly ranged: number;
  readonly within: number;
}

/**
 * Several owners submit jobs of several lengths, and each job's `etaSeconds` and `etaRangeSeconds` of the moment when all
 * of them wait are compared with when it ended.
 */
export async function estimateErrors(options: {
  readonly address: string;
  readonly apiKeys: readonly string[];
}): Promise<EstimateErrors> {
  const { address, apiKeys } = options;
  const clients = apiKeys.map((apiKey) => createDarkroomClient({ url: address, apiKey }));
  const picture = (count: number, seed: number) => ({
    workflow: "text-to-image",
    inputs: { prompt: "an estimate", steps: count, seed, width: 512, height: 512 },
  });
  try {
    for (const [index, count] of lessons.entries()) await clients[0]?.generateAndWait(picture(count, index));
    const jobs = await Promise.all(
      clients.flatMap((client, owner) =>
        steps.map((count, index) => client.submit(picture(count, 1000 + 100 * owner + index))),
      ),
    );
    // Estimates are renewed once a second, and a page shows the renewed one.
    await sleep(1500);
    const askedAt = performance.now();
    const ends = jobs.map(async (job) => {
      await job.wait();
      return (performance.now() - askedAt) / 1000;
    });
    const views = await Promise.all(jobs.map((job) => job.view()));
    const actual = await Promise.all(ends);
    const estimates = views.flatMap(({ state, etaSeconds, etaRangeSeconds: range }, index) => {
      const seconds = actual[index] ?? 0;
      return state !== "queued" || etaSeconds === null ? [] : [{ seconds, etaSeconds, range }];
    });
    const ranges = estimates.flatMap(({ seconds, range }) => (range === null ? [] : [{ seconds, range }]));
    return {
      errors: estimates.map(({ seconds, etaSeconds }) => Math.abs(etaSeconds - seconds) / seconds),
      ranged: ranges.length,
      within: ranges.filter(({ seconds, range: [low, high] }) => low <= seconds && seconds <= high).length,
    };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
