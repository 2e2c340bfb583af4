import { afterAll, describe, inject, test } from "vitest";
import { defaultSettings } from "../../apps/worker/src/settings.ts";
import { surprises } from "../../apps/worker/src/testing/surprises.ts";
import { setupWorkers } from "../../apps/worker/src/testing/worker-fixture.ts";
import { picture } from "../../apps/worker/src/testing/workflows.ts";
import { simulatedVersions } from "../../packages/simulator/src/index.ts";

const versions = simulatedVersions.toReversed();

/** Name of a surprise → version → seconds. */
const measured = new Map<string, Map<string, string>>();

describe.each(versions)("ComfyUI %s", (version) => {
  const here = surprises.filter((one) => one.versions === undefined || one.versions.includes(version));
  describe.concurrent("a surprise ends where it should, in time", () => {
    test.for(here)("$name", async (surprise, { expect, onTestFinished }) => {
      const { name, stepMs = 30, workflow = picture, settings, happen, ends, withinMs } = surprise;
      const bench = await setupWorkers(
        { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") },
        { stepMs, version, workflows: [...new Set([picture, workflow])], onFinished: onTestFinished },
      );
      const seen = await happen(
        bench,
        () => void bench.startWorker({ ...defaultSettings, minFreeBytes: 0, ...settings }),
      );
      const times = measured.get(name) ?? new Map<string, string>();
      measured.set(name, times.set(version, (seen.ms / 1000).toFixed(1)));
      expect(seen.ends).toBe(ends);
      expect(seen.ms).toBeLessThanOrEqual(withinMs);
    });
  });
});

afterAll(() => {
  const rows = surprises.map(({ name, shownBy, ends, since, withinMs }) => {
    const times = versions.map((version) => measured.get(name)?.get(version)).map((s) => (s ? `${s} s` : "–"));
    return `| ${name} | ${shownBy} | ${ends} | ${since} | ${withinMs / 1000} s | ${times.join(" | ")} |`;
  });
  const head = `| surprise | shown by | ends | time from … to … | at most | ${versions.join(" | ")} |`;
  console.log([head, `|${"---|".repeat(5 + versions.length)}`, ...rows].join("\n"));
});
