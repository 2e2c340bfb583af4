import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import startServices from "../../scripts/testing/services.ts";
import { copyTree } from "./copy-tree.ts";
import { mutants } from "./mutants.ts";
import { runTests } from "./run-tests.ts";

// `pnpm test:mutants [--only NAME …]`: takes the product's guards away one at a time, in a copy, and requires that a test
// fails each time. A line per mutant, as rows of a table; status 1 if one survives.

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
let caught = 0;
let survived = 0;
try {
  copyTree(root, folder);
  await requireGreen();
  console.log("| mutant | guard | caught by | seconds |\n|---|---|---|---|");
  for (const [name, { guard, file, text, replacement, tests, only }] of chosen) {
    const startedAt = performance.now();
    const path = join(folder, file);
    const original = readFileSync(path, "utf8");
    const parts = original.split(text);
    let verdict = "SURVIVED: its text is not there exactly once";
    if (parts.length === 2) {
      writeFileSync(path, parts.join(replacement));
      const { failed, output } = await runTests(folder, { files: tests, only }, urls);
      writeFileSync(path, original);
      verdict = failed[0] ?? "SURVIVED";
      if (failed.length === 0 && !/"numTotalTests"|JSON report/.test(output)) console.error(output);
    }
    if (verdict.startsWith("SURVIVED")) survived += 1;
    else caught += 1;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(`| ${name} | ${guard} | ${verdict.replaceAll("|", "\\|")} | ${seconds} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  await stopServices();
}
console.log(`${caught} caught, ${survived} survived`);
process.exit(survived > 0 ? 1 : 0);

/** A test that fails without a mutant would seem to catch every one. */
async function requireGreen(): Promise<void> {
  const patterns = new Map(chosen.map(([, { tests, only }]) => [`${tests} ${only}`, { files: tests, only }]));
  const whole = [...patterns.values()].filter(({ only }) => only === undefined).flatMap(({ files }) => files);
  const runs = [...patterns.values()].filter(({ only }) => only !== undefined);
  if (whole.length > 0) runs.push({ files: [...new Set(whole)], only: undefined });
  for (const run of runs) {
    const { passed, failed, reasons, output } = await runTests(folder, run, urls);
    if (passed > 0 && failed.length === 0) continue;
    throw new Error(
      `without a mutant ${run.files.join(", ")} must pass: ${[...failed, ...reasons].join("\n") || output}`,
    );
  }
}
