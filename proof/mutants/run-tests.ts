import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface TestRun {
  /** Names of the tests that passed. */
  readonly passed: readonly string[];
  /** Names of the tests that failed. */
  readonly failed: readonly string[];
  /** Why, as they say it. */
  readonly reasons: readonly string[];
  /** What vitest printed, for the case that it could not run a test at all. */
  readonly output: string;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Longer than any of the suites takes, on a machine that others use as well. */
const timeoutMs = 300_000;

/** Runs test files of the tree in `folder`, up to the first failure. `urls` are of services that run already. */
export async function runTests(
  folder: string,
  tests: { files: readonly string[]; only?: string | undefined },
  urls: { postgresUrl: string; redisUrl: string },
): Promise<TestRun> {
  const reportFile = join(folder, "report.json");
  rmSync(reportFile, { force: true });
  const args = ["run", ...tests.files, "--bail=1", "--reporter=json", `--outputFile=${reportFile}`];
  if (tests.only !== undefined) args.push("--testNamePattern", tests.only);
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [join(folder, "node_modules/vitest/vitest.mjs"), ...args],
      {
        cwd: folder,
        timeout: timeoutMs,
        env: {
          ...process.env,
          // Ours would grow with every copy of the project.
          NODE_COMPILE_CACHE: join(folder, ".cache", "compile"),
          TEST_DATABASE_URL: urls.postgresUrl,
          TEST_REDIS_URL: urls.redisUrl,
        },
      },
      (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
    );
  });
  if (!existsSync(reportFile)) return { passed: [], failed: [], reasons: [], output };
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) => results.filter((one) => one.status === status).map(({ fullName }) => fullName);
  return {
    passed: named("passed"),
    failed: named("failed"),
    reasons: results.flatMap(({ failureMessages = [] }) => failureMessages),
    output,
  };
}
