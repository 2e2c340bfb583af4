import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { faultNames, planFaults } from "./faults.ts";
import { planSubmits } from "./load.ts";
import { runChaos } from "./run.ts";

const setting = {
  ...{ webs: 2, workers: 2, simulators: 2, leaseSeconds: 2, guests: 5, services: 1 },
  storage: "bucket",
} as const;
const faults = { untilMs: 13_500, gapMs: [300, 900] } as const;
const seed = 45;

test("a seed decides a run, and each kind of fault is in it", () => {
  const plan = planFaults(seed, setting, faults);
  expect(planFaults(seed, setting, faults)).toEqual(plan);
  expect(planFaults(seed + 1, setting, faults)).not.toEqual(plan);
  expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(faultNames(setting.storage)));
  const load = { jobs: 50, visitors: 3 };
  expect(planSubmits(seed, load)).toEqual(planSubmits(seed, load));
  expect(planSubmits(seed, load).flatMap(({ items }) => items)).toHaveLength(50);
});

test("every promise holds while everything fails", { timeout: 240_000 }, async () => {
  const folder = await makeFolder("chaos");
  // More than any machine does in that time.
  const jobs = 2000;
  const log: string[] = [];
  const result = await runChaos({
    ...{ seed, setting, jobs, folder },
    faultsForMs: faults.untilMs,
    gapMs: faults.gapMs,
    restWithinMs: 120_000,
    say: (line) => log.push(line),
    signal: AbortSignal.timeout(230_000),
  }).catch((error: unknown) => {
    throw new Error(`it did not come to its end: ${error}\n${log.join("\n")}`, { cause: error });
  });
  const { violations, accepted, succeeded, failed, canceled } = result;
  const nothing = Object.fromEntries(Object.keys(violations).map((name) => [name, []]));
  expect(violations, log.join("\n")).toEqual(nothing);
  expect(new Set(result.faults.map(({ name }) => name))).toEqual(new Set(faultNames(setting.storage)));
  expect(succeeded + failed + canceled).toBe(accepted);
  expect(succeeded).toBeGreaterThan(0);
  await rm(folder, { recursive: true, force: true });
});
