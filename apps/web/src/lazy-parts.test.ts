import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("what a page loads later waits alone: no part of it hides the page around it until it is there", () => {
  const calls = globSync("**/*.tsx", { cwd: import.meta.dirname }).flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), "utf8");
    return [...source.matchAll(/= (dynamic|later\w*)(?:<[^(]*>)?\(([\s\S]*?)\);\n/g)].map(([, by, given = ""]) => ({
      file,
      by,
      given,
    }));
  });
  expect(calls.length).toBeGreaterThan(20);
  // What comes by `later` has a boundary of its own always; Next makes one for these two only.
  expect(
    calls.filter(({ by, given }) => by === "dynamic" && !/ssr: false|loading:/.test(given)).map(({ file }) => file),
  ).toEqual([]);
});
