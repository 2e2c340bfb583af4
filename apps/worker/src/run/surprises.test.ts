import { describe, inject, test } from "vitest";
import { surprises } from "../testing/surprises.ts";
import { setupWorkers } from "../testing/worker-fixture.ts";
import { picture } from "../testing/workflows.ts";

/** What is short with a quiet machine may take longer beside other tests; `pnpm test:surprises` measures. */
const SLACK = 3;

describe.concurrent("a surprise of ComfyUI ends where it should", () => {
  const here = surprises.filter(({ isShownElsewhere }) => isShownElsewhere !== true);
  test.for(here)("$name", { timeout: 60_000 }, async (surprise, { expect, onTestFinished }) => {
    const { stepMs = 30, versions = ["0.33.0"], workflow = picture, settings, happen, ends, withinMs } = surprise;
    const bench = await setupWorkers(
      { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") },
      {
        stepMs,
        version: versions[0] ?? "0.33.0",
        workflows: [...new Set([picture, workflow])],
        onFinished: onTestFinished,
      },
    );
    const seen = await happen(bench, () => void bench.startWorker(settings));
    expect(seen.ends).toBe(ends);
    expect(seen.ms).toBeLessThanOrEqual(withinMs * SLACK);
  });
});
