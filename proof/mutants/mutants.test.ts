import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { mutants } from "./mutants.ts";

const root = resolve(import.meta.dirname, "../..");

test("every guard that a mutant takes away is still there, once, and so are the tests that must notice", () => {
  const faults = Object.entries(mutants).flatMap(([name, { file, text, tests, only }]) => {
    const count = readFileSync(join(root, file), "utf8").split(text).length - 1;
    const missing = tests.filter((path) => !existsSync(join(root, path)));
    const named =
      only === undefined ||
      tests.some((path) => existsSync(join(root, path)) && readFileSync(join(root, path), "utf8").includes(only));
    return [
      ...(count === 1 ? [] : [`${name}: its text occurs ${count} times in ${file}`]),
      ...missing.map((path) => `${name}: there is no ${path}`),
      ...(named ? [] : [`${name}: no test is called ${only}`]),
    ];
  });
  expect(faults).toEqual([]);
});
