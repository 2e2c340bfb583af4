import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { mutants } from "./mutants.ts";

const root = resolve(import.meta.dirname, "../..");

/** A test's file, and those in a folder `testing` beside or above it, which may hold the names of its cases. */
function sources(path: string): string[] {
  const folder = dirname(path);
  const cases = globSync([`${folder}/testing/**/*.ts`, `${dirname(folder)}/testing/**/*.ts`], { cwd: root });
  return [path, ...cases]
    .filter((file) => existsSync(join(root, file)))
    .map((file) => readFileSync(join(root, file), "utf8"));
}

test("every guard that a mutant takes away is still there, once, and so are the tests that must notice", () => {
  const faults = Object.entries(mutants).flatMap(([name, { file, text, tests, only }]) => {
    const count = readFileSync(join(root, file), "utf8").split(text).length - 1;
    const missing = tests.filter((path) => !existsSync(join(root, path)));
    const named = only === undefined || tests.flatMap(sources).some((source) => source.includes(only));
    return [
      ...(count === 1 ? [] : [`${name}: its text occurs ${count} times in ${file}`]),
      ...missing.map((path) => `${name}: there is no ${path}`),
      ...(named ? [] : [`${name}: no test is called ${only}`]),
    ];
  });
  expect(faults).toEqual([]);
});
