import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { countOf, type Violations } from "./audit.ts";
import { printRecovery } from "./print-recovery.ts";
import { type RunResult, runChaos } from "./run.ts";

// pnpm chaos --minutes M --seed S [--jobs N] [--lease SECONDS] [--storage disk|bucket] [--keep]
// Prints what the auditor found. Exit status 1 if anything that must never happen did; then the evidence is kept.
//
// pnpm chaos --recover N
// Instead: N times each, how long the product takes to recover from one fault.

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string" },
    lease: { type: "string", default: "10" },
    storage: { type: "string", default: "bucket" },
    keep: { type: "boolean", default: false },
    recover: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const jobs = Number(values.jobs ?? Math.max(1, Math.round(minutes * 1500)));
const leaseSeconds = Number(values.lease);
const storage = values.storage === "disk" ? "disk" : "bucket";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

const folder = await makeFolder("chaos");
const startedAt = performance.now();
const say = (line: string): void => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${line}`);

if (values.recover !== undefined) {
  const isGood = await printRecovery({ rounds: Number(values.recover), leaseSeconds, folder, signal: stopping.signal });
  await rm(folder, { recursive: true, force: true });
  process.exit(isGood ? 0 : 1);
}

let bad = 1;
try {
  const result = await runChaos({
    ...{ seed, jobs, folder, say },
    setting: { webs: 2, workers: 3, simulators: 3, leaseSeconds, guests: 10, services: 2, storage },
    faultsForMs: minutes * 60_000,
    gapMs: [1000, 5000],
    restWithinMs: 120_000,
    signal: stopping.signal,
  });
  // A run in which nothing was done proves nothing.
  bad = result.succeeded === 0 ? 1 : countOf(result.violations);
  print(result);
  if (bad > 0) await writeFile(join(folder, "violations.json"), JSON.stringify(result.violations, null, 2));
} catch (error) {
  console.error(error);
} finally {
  if (bad > 0 || values.keep) console.log(`the evidence is in ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
process.exit(bad > 0 ? 1 : 0);

function print({ violations, faults, restMs, tally, failures, ...counts }: RunResult): void {
  const row = (entries: readonly (readonly [string, unknown])[]): string =>
    entries.map(([name, value]) => `${name} ${value}`).join(" · ");
  console.log(`\nseed ${seed}, ${faults.length} faults, at rest ${(restMs / 1000).toFixed(1)} s after the last`);
  console.log(row(Object.entries(counts)));
  console.log(`HTTP answers: ${row([...tally].sort())}`);
  if (Object.keys(failures).length > 0) console.log(`failures: ${row(Object.entries(failures))}`);
  console.log(
    `never: ${row(Object.entries(violations).map(([name, lines]: [string, string[]]) => [name, lines.length]))}`,
  );
  for (const [name, lines] of Object.entries(violations) as [keyof Violations, string[]][])
    for (const line of lines.slice(0, 10)) console.log(`  ${name}: ${line}`);
}
