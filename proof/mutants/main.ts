import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import startServices from "../../scripts/testing/services.ts";
import { copyTree } from "./copy-tree.ts";
import type { Mutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { runTests } from "./run-tests.ts";

// `pnpm test:mutants [--only NAME …]`: takes the product's guards away one at a time, in a copy, and requires that a test
// fails each time. A line per mutant, as rows of a table; status 1 if one survives.

/** Copies of the tree, each with one mutant at a time: tests mostly wait, so several fit on one core. */
const LANES = 3;

const root = resolve(import.meta.dirname, "../..");
const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const unknown = values.only?.find((name) => !Object.hasOwn(mutants, name));
if (unknown !== undefined) {
  console.error(`test:mutants: --only must be one of ${Object.keys(mutants).join(", ")}, and "${unknown}" is not`);
  process.exit(2);
}
const chosen = Object.entries(mutants).filter(([name]) => values.only?.includes(name) ?? true);

const urls = { postgresUrl: "", redisUrl: "" };
const stopServices = await startServices({
  provide: (name: keyof typeof urls, url: string) => {
    urls[name] = url;
  },
});
const folder = mkdtempSync(join(tmpdir(), "darkroom-mutants-"));
const lanes = Array.from({ length: Math.min(LANES, chosen.length) }, (_, lane) => join(folder, String(lane)));
const startedAt = performance.now();
let caught = 0;
let survived = 0;
try {
  for (const lane of lanes) {
    mkdirSync(lane);
    copyTree(root, lane);
  }
  await requireGreen();
  console.log("| mutant | guard | caught by | seconds |\n|---|---|---|---|");
  await share(chosen, async (lane, [name, mutant]) => {
    const startedAt = performance.now();
    const verdict = await tryMutant(lane, mutant);
    if (verdict.startsWith("SURVIVED")) survived += 1;
    else caught += 1;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(`| ${name} | ${mutant.guard} | ${verdict.replaceAll("|", "\\|")} | ${seconds} |`);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
  await stopServices();
}
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s on ${lanes.length} lanes`);
console.log(`${caught} caught, ${survived} survived`);
process.exit(survived > 0 ? 1 : 0);

/** Each lane takes the next of `all` when it is done with the one before. After an error none takes another, and all have ended. */
async function share<T>(all: readonly T[], work: (lane: string, one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const ended = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        await work(lane, one).catch((error: unknown) => {
          waiting.length = 0;
          throw error;
        });
      }
    }),
  );
  for (const lane of ended) if (lane.status === "rejected") throw lane.reason;
}

/** The name of the test that failed without the guard, or `SURVIVED` and why. */
async function tryMutant(lane: string, { file, text, replacement, tests, only }: Mutant): Promise<string> {
  const path = join(lane, file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(text);
  if (parts.length !== 2) return "SURVIVED: its text is not there exactly once";
  writeFileSync(path, parts.join(replacement));
  const { failed, output } = await runTests(lane, { files: tests, only }, urls);
  writeFileSync(path, original);
  if (failed.length === 0 && !/"numTotalTests"|JSON report/.test(output)) console.error(output);
  return failed[0] ?? "SURVIVED";
}

/**
 * A test that fails without a mutant would seem to catch every one, and a name that no test has would catch none. Every file
 * runs once, with all that the mutants ask of it.
 */
async function requireGreen(): Promise<void> {
  const files = [...new Set(chosen.flatMap(([, { tests }]) => tests))];
  const passedOf = new Map<string, readonly string[]>();
  await share(files, async (lane, file) => {
    const names = chosen.filter(([, { tests }]) => tests.includes(file)).map(([, { only }]) => only);
    const only = names.includes(undefined) ? undefined : names.map((name) => `(?:${name})`).join("|");
    const { passed, failed, reasons, output } = await runTests(lane, { files: [file], only }, urls);
    if (failed.length > 0 || (passed.length === 0 && only === undefined)) {
      throw new Error(`without a mutant ${file} must pass: ${[...failed, ...reasons].join("\n") || output}`);
    }
    passedOf.set(file, passed);
  });
  for (const [name, { tests, only }] of chosen) {
    const passed = tests.flatMap((file) => passedOf.get(file) ?? []);
    if (only !== undefined && !passed.some((test) => new RegExp(only).test(test))) {
      throw new Error(`${name}: no test of ${tests.join(", ")} is called ${only}`);
    }
  }
}
