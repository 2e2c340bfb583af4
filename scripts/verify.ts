import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWeb } from "./launcher/build-web.ts";
import { createGuard } from "./processes/guard.ts";
import { runChecked } from "./processes/run-checked.ts";

/** What a step adds to the last line. A check counts as one; a suite counts its tests. */
interface Tally {
  passed: number;
  failed: number;
  /** Printed if something failed. */
  output: string;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules/.bin");
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
process.on("disconnect", () => stopping.abort());

const guard = createGuard();

function run(tool: string, args: string[], env?: NodeJS.ProcessEnv) {
  const command = join(bin, tool);
  return runChecked({ cwd: root, command, args, guard, signal: stopping.signal, ...(env && { env }) });
}

async function check(command: string, ...args: string[]): Promise<Tally> {
  const { status, output } = await run(command, args);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output };
}

async function typecheck(): Promise<Tally> {
  const tallies = [
    await check("turbo", "run", "typecheck", "--output-logs=errors-only", "--ui=stream"),
    await check("tsc", "--noEmit"),
    await check("tsc", "--noEmit", "--project", "e2e"),
  ];
  const failed = tallies.filter((tally) => tally.failed > 0);
  const output = failed.map((tally) => tally.output).join("\n");
  return { passed: failed.length === 0 ? 1 : 0, failed: failed.length === 0 ? 0 : 1, output };
}

async function build(): Promise<Tally> {
  try {
    await buildWeb(root, guard, stopping.signal);
    return { passed: 1, failed: 0, output: "" };
  } catch (error) {
    return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
  }
}

/** Every `*.test.ts`, against a real Postgres and a real Redis or Valkey. */
async function tests(reports: string): Promise<Tally> {
  const file = join(reports, "vitest.json");
  const args = ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const { status, output } = await run("vitest", args);
  const report = await readReport<{ numPassedTests: number; numFailedTests: number }>(file);
  return tally(status, output, report?.numPassedTests ?? 0, report?.numFailedTests ?? 0);
}

/** Every `e2e/*.e2e.ts`, in a browser against the whole product. */
async function browserTests(reports: string): Promise<Tally> {
  const file = join(reports, "playwright.json");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_FORCE_TTY: "0" };
  const args = ["test", "--reporter=line,json"];
  const { status, output } = await run("playwright", args, env);
  const report = await readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file);
  return tally(
    status,
    output,
    (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0),
    report?.stats.unexpected ?? 0,
  );
}

/** A suite that ended badly without a failed test (a file that does not load) counts one failure. */
function tally(status: number, output: string, passed: number, failed: number): Tally {
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed, output };
}

async function readReport<T>(file: string): Promise<T | null> {
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as T) : null;
}

const reports = await mkdtemp(join(tmpdir(), "darkroom-verify-"));
const steps: [string, () => Promise<Tally>][] = [
  ["lint and format", () => check("biome", "check", "--error-on-warnings", ".")],
  // Before the type check, as it writes the declarations that the pages' sources refer to.
  ["build", build],
  ["types", typecheck],
  ["tests", () => tests(reports)],
];
if (globSync("e2e/*.e2e.ts", { cwd: root }).length > 0) steps.push(["browser tests", () => browserTests(reports)]);

let passed = 0;
let failed = 0;
for (const [name, step] of steps) {
  if (stopping.signal.aborted) break;
  const startedAt = performance.now();
  const result = await step();
  if (stopping.signal.aborted) break;
  passed += result.passed;
  failed += result.failed;
  if (result.failed > 0) console.log(result.output.trim());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${result.failed > 0 ? "✗" : "✓"} ${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`,
  );
}
await guard.close();
await rm(reports, { recursive: true, force: true });
if (stopping.signal.aborted) process.exit(130);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
