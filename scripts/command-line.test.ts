import { execFile } from "node:child_process";
import { cp, glob, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };

interface Taken {
  readonly takes?: string;
  readonly must?: { readonly words: string };
}
interface Command {
  readonly run: readonly string[];
  readonly options?: Readonly<Record<string, Taken>>;
  readonly words?: readonly Taken[];
  readonly parsesItself?: boolean;
}

const root = resolve(import.meta.dirname, "..");
// By their paths, which are no module of TypeScript's: they run before it is there.
const { commands } = (await import(join(root, "scripts/commands.mjs"))) as { commands: Record<string, Command> };
const { readCommandLine, usageOf } = (await import(join(root, "scripts/command-line.mjs"))) as {
  readCommandLine: (name: string, given: string[]) => string[] | null;
  usageOf: (name: string) => string;
};

test("the table has the commands of package.json that go through it, and no other", () => {
  const through = Object.entries(manifest.scripts).filter(([, line]) => line.includes("scripts/bootstrap.mjs"));
  expect(through.map(([, line]) => line)).toEqual(through.map(([name]) => `exec node scripts/bootstrap.mjs ${name}`));
  expect(Object.keys(commands).toSorted()).toEqual(through.map(([name]) => name).toSorted());
});

/** Those of `darkroom` are its own program's, which has tests of them. */
const tabled = Object.entries(commands).filter(([, { parsesItself }]) => parsesItself !== true);
describe.each(tabled)("%s", (name, { run, options = {}, words = [] }) => {
  const refusal = (...given: string[]): string => {
    try {
      return `taken: ${readCommandLine(name, given)}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  test("says with --help what it takes, whatever stands beside it", () => {
    expect(readCommandLine(name, ["--nope", "--help"])).toBeNull();
    const signs = [...Object.keys(options).map((option) => `--${option}`), ...words.map(({ takes = "" }) => takes)];
    for (const sign of signs) expect(usageOf(name)).toContain(sign);
  });

  test("refuses what it does not take in one line, with what it does", () => {
    for (const given of ["--nope", "-x"]) expect(refusal(given)).toMatch(`${name}: has no option ${given}; it takes `);
    for (const option of Object.keys(options)) expect(refusal("--nope")).toContain(`--${option}`);
    if (words.length === 0) expect(refusal("nope")).toMatch(`${name}: does not take "nope"; it takes `);
  });

  test("refuses a value that is missing or wrong, with what it must be", () => {
    for (const [option, { takes, must }] of Object.entries(options)) {
      if (takes === undefined) expect(refusal(`--${option}=yes`)).toBe(`${name}: --${option} takes no value`);
      else expect(refusal(`--${option}`)).toBe(`${name}: --${option} must be ${must?.words}`);
      if (takes !== undefined && must?.words !== "a text that is not empty")
        expect(refusal(`--${option}`, "/no/such/place")).toBe(
          `${name}: --${option} must be ${must?.words}, and "/no/such/place" is not`,
        );
    }
    for (const { takes, must } of words.slice(0, 1))
      expect(refusal("")).toBe(`${name}: ${takes} must be ${must?.words}, and "" is not`);
  });

  test("its program is there, and reads the options that the table lists", async () => {
    const program = await readFile(join(root, run.find((part) => part.endsWith(".ts")) ?? ""), "utf8");
    const read = [...program.matchAll(/(\w+): \{ type: "(?:string|boolean)"/g)].map(([, option]) => option);
    expect(read).toEqual(Object.keys(options));
  });
});

test("what is right reaches the program as it was given, in npm's way and in pnpm's", () => {
  const wanted = ["--seed=7", "--keep", "--storage=disk"];
  expect(readCommandLine("chaos", ["--seed", "7", "--keep", "--storage=disk"])).toEqual(wanted);
  expect(readCommandLine("chaos", ["--", "--seed=7", "--keep", "--storage", "disk"])).toEqual(wanted);
  expect(readCommandLine("test:mutants", ["--only", "a", "--only", "b"])).toEqual(["--only=a", "--only=b"]);
  expect(readCommandLine("test:faults", ["cancel", "3"])).toEqual(["cancel", "3"]);
  expect(() => readCommandLine("storm", ["--rate", "1", "--rate", "2"])).toThrow("storm: --rate is there twice");
});

describe("the way in, in a clone in which nothing is installed", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "darkroom-commands-"));
    for await (const path of glob("scripts/*.mjs", { cwd: root })) await cp(join(root, path), join(folder, path));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    [["--help"], 0, /^usage: pnpm COMMAND/, /^$/],
    [["test", "--help"], 0, /^usage: npm test\n/, /^$/],
    [["chaos", "--help"], 0, /^usage: pnpm chaos \[--minutes M\]/, /^$/],
    [["verify", "--nope"], 2, /^$/, /^darkroom: verify: has no option --nope; it takes --help\n$/],
    [
      ["chaos", "--storage", "tape"],
      2,
      /^$/,
      /^darkroom: chaos: --storage must be disk or bucket, and "tape" is not\n$/,
    ],
    [["tests"], 2, /^$/, /^darkroom: "tests" is not one of start, .*simulator\n$/],
  ])("answers %j with %i, and installs and starts nothing", async (given, status, out, err) => {
    const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
      const command = [join(folder, "scripts/bootstrap.mjs"), ...given];
      execFile(process.execPath, command, (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }));
    });
    expect({ code, stdout, stderr }).toEqual({
      code: status,
      stdout: expect.stringMatching(out),
      stderr: expect.stringMatching(err),
    });
    expect(await readdir(folder)).toEqual(["scripts"]);
  });
});
