import { describe, inject, test } from "vitest";
import { watchHostPace } from "../testing/host-pace.ts";
import { surprises } from "../testing/surprises.ts";
import { setupWorkers } from "../testing/worker-fixture.ts";
import { picture } from "../testing/workflows.ts";

/** The tests beside each other take more time than one alone; `pnpm test:surprises` measures with fewer. */
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
    const pace = watchHostPace(bench.database);
    const seen = await happen(bench, () => void bench.startWorker(settings)).finally(() => pace.stop());
    expect(seen.ends).toBe(ends);
    // The time is the product's own doing where the machine as such is not slower.
    expect(seen.ms).toBeLessThanOrEqual(withinMs * Math.max(SLACK, await pace.stop()));
  });
});
