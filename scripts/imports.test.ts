import { globSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Who may import whom; ARCHITECTURE.md says why. Whatever is missing here may import none of ours. */
const allowed: Record<string, string[]> = {
  "packages/contracts": [],
  "packages/storage": [],
  "packages/comfyui": [],
  "packages/simulator": [],
  "packages/db": ["contracts"],
  "packages/queue": ["contracts"],
  "packages/auth": ["contracts", "db"],
  "packages/api": ["contracts", "db", "queue", "auth"],
  "apps/worker": ["contracts", "db", "queue", "comfyui", "storage"],
  "apps/web/src/server": ["contracts", "db", "queue", "auth", "api", "storage"],
  "apps/web": ["contracts"],
};
/** Only in tests and in what they start from. */
const allowedInTests: Record<string, string[]> = { "packages/comfyui": ["simulator"], "apps/worker": ["simulator"] };
/** Only as types: the pages' bundle must not contain the server. */
const allowedAsTypes: Record<string, string[]> = { "apps/web": ["api"] };

const root = resolve(import.meta.dirname, "..");
const files = globSync(
  ["apps/*/src/**/*.{ts,tsx}", "packages/*/src/**/*.{ts,tsx}", "scripts/**/*.{ts,mjs}", "proof/**/*.ts", "e2e/*.ts"],
  {
    cwd: root,
    exclude: ["**/node_modules/**"],
  },
).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`. */
const importPattern =
  /(?:^|\n)\s*(import|export)(\s+type\b)?([^;"'`]*?)from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;

function importsOf(text: string): { from: string; isType: boolean }[] {
  return [...text.matchAll(importPattern)].map(([, , type, names = "", from, bare]) => {
    const named =
      /^\s*\{([\s\S]*)\}\s*$/
        .exec(names)?.[1]
        ?.split(",")
        .filter((name) => name.trim() !== "") ?? [];
    const isType = type !== undefined || (named.length > 0 && named.every((name) => name.trim().startsWith("type ")));
    return { from: from ?? bare ?? "", isType };
  });
}

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\//.test(path);

function homeOf(path: string): string | undefined {
  return Object.keys(allowed)
    .filter((home) => path.startsWith(`${home}/`))
    .sort((a, b) => b.length - a.length)[0];
}

test("packages import one another in one direction only", () => {
  const faults = files.flatMap(({ path, text }) => {
    const home = homeOf(path);
    if (home === undefined) return [];
    const own = home.split("/")[1] ?? "";
    return importsOf(text).flatMap(({ from, isType }) => {
      const name = /^@darkroom\/([a-z]+)/.exec(from)?.[1];
      const isAllowed =
        name === undefined ||
        name === own ||
        allowed[home]?.includes(name) ||
        (isTest(path) && allowedInTests[home]?.includes(name)) ||
        (isType && allowedAsTypes[home]?.includes(name));
      return isAllowed ? [] : [`${path} imports ${from}`];
    });
  });
  expect(faults).toEqual([]);
});

test("a relative import never leaves its package", () => {
  const faults = files.flatMap(({ path, text }) => {
    const [group = "", name = ""] = path.split("/");
    if (group !== "apps" && group !== "packages") return [];
    return importsOf(text)
      .filter(({ from }) => from.startsWith("."))
      .filter(({ from }) => !relative(root, resolve(root, path, "..", from)).startsWith(`${group}/${name}/`))
      .map(({ from }) => `${path} imports ${from}`);
  });
  expect(faults).toEqual([]);
});

test("pages never import server code", () => {
  const pages = files.filter(
    ({ path }) => path.startsWith("apps/web/src/") && !path.startsWith("apps/web/src/server/"),
  );
  const faults = pages.flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ from, isType }) => /(^|\/)server\//.test(from) && from.startsWith(".") && !isType)
      .map(({ from }) => `${path} imports ${from}`),
  );
  expect(faults).toEqual([]);
});

test("only env.ts and the scripts read the environment", () => {
  const faults = files
    .filter(
      ({ path }) => /^(apps|packages)\//.test(path) && !/(^|\/)(env\.ts|testing\/[^/]+\.ts)$|\.test\.tsx?$/.test(path),
    )
    .filter(({ text }) => /process\.env\b/.test(text))
    .map(({ path }) => path);
  expect(faults).toEqual([]);
});

test("files have kebab-case names", () => {
  const faults = files
    .map(({ path }) => path)
    .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(basename(path)));
  expect(faults).toEqual([]);
});
