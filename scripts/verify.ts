import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWeb } from "./launcher/build-web.ts";
import { bareBytesOf, javascriptByRoute, overBudget } from "./page-budget/javascript.ts";
import { createGuard } from "./processes/guard.ts";
import { runChecked } from "./processes/run-checked.ts";

// `npm test` runs every check; with `--fast` (`pnpm test:fast`) those that are quick enough to run all day: neither the
// browser nor what starts the whole product, and what starts workers and gateways only where a change reaches it.

/** What a step adds to the last line. A check counts as one; a suite counts its tests. */
interface Tally {
  passed: number;
  failed: number;
  /** Printed if something failed. */
  output: string;
  /** Of a suite: how long each file took, in seconds. */
  files?: { name: string; seconds: number }[];
}

/** So often a step that goes on says so. */
const progressMs = 30_000;

/** So many of a suite's files are shown with their times. */
const slowestShown = 10;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules/.bin");
const next = join(root, "apps/web/node_modules/.bin/next");
const isFast = process.argv.includes("--fast");
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
process.on("disconnect", () => stopping.abort());

const guard = createGuard();
const reports = await mkdtemp(join(tmpdir(), "darkroom-verify-"));

/** @param tool a name in `node_modules/.bin`, or a path. */
function run(tool: string, args: string[], env?: NodeJS.ProcessEnv) {
  const command = resolve(bin, tool);
  return runChecked({ cwd: root, command, args, guard, signal: stopping.signal, ...(env && { env }) });
}

async function check(command: string, ...args: string[]): Promise<Tally> {
  const { status, output } = await run(command, args);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output };
}

/**
 * The quick run, which is repeated all day, keeps what the compiler learned and checks only what a change can reach. The
 * whole run starts from nothing, so that no verdict in CI rests on a file of an earlier one.
 */
function typecheckProject(project: string): Promise<Tally> {
  const kept = join(root, ".cache/types", `${project.replaceAll(/\W/g, "-")}.tsbuildinfo`);
  const incremental = isFast ? ["--incremental", "--tsBuildInfoFile", kept] : ["--incremental", "false"];
  return check("tsc", "--noEmit", "--project", project, ...incremental);
}

/** The pages' sources refer to declarations of their routes, so they are checked once those are written. */
async function typecheck(routesWritten: Promise<unknown>): Promise<Tally> {
  const tallies = [await typecheckProject("."), await typecheckProject("e2e")];
  await routesWritten;
  tallies.push(await typecheckProject("apps/web"));
  const failed = tallies.filter((tally) => tally.failed > 0);
  const output = failed.map((tally) => tally.output).join("\n");
  return { passed: failed.length === 0 ? 1 : 0, failed: failed.length === 0 ? 0 : 1, output };
}

/** Builds the pages, and holds what each loads first to its budget. */
async function build(): Promise<Tally> {
  try {
    await buildWeb(root, { guard, signal: stopping.signal });
    const routes = javascriptByRoute(join(root, "apps/web/.next"));
    const faults = overBudget(routes, bareBytesOf(routes));
    return { passed: faults.length === 0 ? 1 : 0, failed: faults.length, output: faults.join("\n") };
  } catch (error) {
    return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
  }
}

/** Every `*.test.ts` that `selection` leaves, against a real Postgres and a real Redis or Valkey. */
async function tests(...selection: string[]): Promise<Tally> {
  const file = join(reports, `vitest${selection.join("")}.json`);
  const args = ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  // Colours would be a dozen characters around each dot.
  const { status, output } = await run("vitest", [...args, ...selection], { ...process.env, NO_COLOR: "1" });
  const report = await readReport<{
    numPassedTests: number;
    numFailedTests: number;
    testResults: { name: string; startTime: number; endTime: number }[];
  }>(file);
  return {
    ...tally(status, output, report?.numPassedTests ?? 0, report?.numFailedTests ?? 0),
    files: (report?.testResults ?? []).map(({ name, startTime, endTime }) => ({
      name: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    })),
  };
}

interface BrowserSuite {
  file: string;
  suites?: BrowserSuite[];
  specs: { tests: { results: { duration: number }[] }[] }[];
}

/** Every `e2e/*.e2e.ts`, in a browser against the whole product. */
async function browserTests(): Promise<Tally> {
  const file = join(reports, "playwright.json");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_FORCE_TTY: "0" };
  const args = ["test", "--reporter=line,json"];
  const { status, output } = await run("playwright", args, env);
  const report = await readReport<{
    stats: { expected: number; unexpected: number; flaky: number };
    suites: BrowserSuite[];
  }>(file);
  const passed = (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0);
  return {
    ...tally(status, output, passed, report?.stats.unexpected ?? 0),
    files: (report?.suites ?? []).map((suite) => ({ name: `e2e/${suite.file}`, seconds: secondsOf(suite) })),
  };
}

function secondsOf({ specs, suites = [] }: BrowserSuite): number {
  const results = specs.flatMap(({ tests }) => tests.flatMap((one) => one.results));
  const own = results.reduce((sum, { duration }) => sum + duration / 1000, 0);
  return suites.reduce((sum, suite) => sum + secondsOf(suite), own);
}

/** A suite that ended badly without a failed test (a file that does not load) counts one failure. */
function tally(status: number, output: string, passed: number, failed: number): Tally {
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed, output };
}

async function readReport<T>(file: string): Promise<T | null> {
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as T) : null;
}

/** Runs a step, and says how it ended and how long it took. */
async function report(name: string, step: () => Promise<Tally>): Promise<Tally> {
  const startedAt = performance.now();
  const took = () => seconds((performance.now() - startedAt) / 1000);
  const progress = setInterval(() => console.log(`${took()} … ${name}`), progressMs);
  const result = await step().finally(() => clearInterval(progress));
  if (stopping.signal.aborted) return result;
  const { passed, failed, output, files = [] } = result;
  if (failed > 0) console.log(output.trim());
  console.log(`${took()} ${failed > 0 ? "✗" : "✓"} ${name}: ${passed} passed, ${failed} failed`);
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestShown);
  for (const file of slowest) console.log(`${seconds(file.seconds)}     ${file.name}`);
  return result;
}

function seconds(value: number): string {
  return `${value.toFixed(1).padStart(7)} s`;
}

/** Steps follow each other; what one of them runs, runs beside each other. */
type Step = () => Promise<Tally>[];

const lint: Step = () => [report("lint and format", () => check("biome", "check", "--error-on-warnings", "."))];

const allSteps: Step[] = [
  lint,
  () => {
    const built = report("build", build);
    return [built, report("types", () => typecheck(built))];
  },
  () => [report("tests", () => tests("--project=!waits"))],
  () => [report("browser tests", browserTests)],
];

const quickSteps: Step[] = [
  lint,
  () => {
    const routes = report("routes", () => check(next, "typegen", "apps/web"));
    const types = report("types", () => typecheck(routes));
    return [routes, types, report("tests", () => tests("--project=together"))];
  },
  () => [report("tests that a change reaches", () => tests("--project=apart", "--changed", "--passWithNoTests"))],
];

const startedAt = performance.now();
// They wait for hardly anything but time, so they take none from the steps beside which they run.
const waits = isFast ? [] : [report("tests that wait", () => tests("--project=waits", "--maxWorkers=1"))];
const tallies: Tally[] = [];
for (const step of isFast ? quickSteps : allSteps)
  if (!stopping.signal.aborted) tallies.push(...(await Promise.all(step())));
tallies.push(...(await Promise.all(waits)));

await guard.close();
await rm(reports, { recursive: true, force: true });
if (stopping.signal.aborted) process.exit(130);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`${seconds((performance.now() - startedAt) / 1000)} in all`);
console.log(`${tallies.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
