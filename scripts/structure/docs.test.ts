import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isEndOfOne, linkedPaths, namedPaths } from "./doc-paths.ts";
import { drawRooms } from "./draw-rooms.ts";
import { readSourceFiles } from "./source-files.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const all = globSync("**/*", { cwd: root, exclude: ["**/node_modules", "**/.*", "data"] }).map((path) =>
  path.replaceAll("\\", "/"),
);
const pages = all.filter((path) => path.endsWith(".md") && !path.includes("/recordings/"));

describe("the documentation", () => {
  it.each(pages)("%s names only files that are there", (page) => {
    const text = read(page);
    const named = namedPaths(text).filter(({ path }) => !existsSync(join(root, path)) && !isEndOfOne(path, all));
    const linked = linkedPaths(text).filter(({ path }) => !existsSync(join(root, dirname(page), path)));
    expect([...named, ...linked].map(({ path, line }) => `${page}:${line} ${path}`)).toEqual([]);
  });

  it("has one decision for each number", () => {
    const numbers = pages.flatMap((page) => /^docs\/decisions\/(\d{4})-/.exec(page)?.[1] ?? []);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });

  it("shows the rooms as they are: `pnpm rooms` draws them", () => {
    expect(read("docs/rooms.md")).toBe(drawRooms(readSourceFiles(root)));
  });
});
