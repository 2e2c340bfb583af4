import { basename, relative, resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import { findCircles } from "./structure/circles.ts";
import { longFunctions } from "./structure/long-functions.ts";
import { houses, roomFaults } from "./structure/rooms.ts";
import { importEdges, readSourceFiles } from "./structure/source-files.ts";

/** Who may import whom; ARCHITECTURE.md says why. Whatever is missing here may import none of ours. */
const allowed: Record<string, string[]> = {
  "packages/contracts": [],
  "packages/workflow-format": ["contracts"],
  "packages/storage": ["contracts"],
  "packages/comfyui": ["contracts"],
  "packages/simulator": [],
  "packages/fault-proxy": [],
  "packages/workflow-files": ["contracts"],
  "packages/db": ["contracts"],
  "packages/queue": ["contracts"],
  "packages/auth": ["contracts", "db"],
  "packages/monitor": ["contracts", "db", "queue"],
  "packages/client": ["contracts"],
  "packages/cli": ["contracts", "client", "workflow-files"],
  "packages/api": ["contracts", "workflow-format", "db", "queue", "auth"],
  "apps/worker": ["contracts", "workflow-format", "db", "queue", "monitor", "comfyui", "storage"],
  "apps/web/src/server": ["contracts", "db", "queue", "monitor", "auth", "api", "storage"],
  "apps/web": ["contracts", "workflow-files"],
};
/** Only in tests and in what they start from. */
const allowedInTests: Record<string, string[]> = {
  "packages/client": ["api"],
  "packages/comfyui": ["fault-proxy", "simulator"],
  "packages/db": ["fault-proxy"],
  "packages/api": ["simulator"],
  "apps/worker": ["fault-proxy", "simulator"],
  "apps/web/src/server": ["fault-proxy"],
  "apps/web": ["fault-proxy"],
};
/** Only as types: the pages' bundle, and the client that others install, must not contain the server. */
const allowedAsTypes: Record<string, string[]> = {
  "apps/web": ["api"],
  "packages/client": ["api"],
  "packages/cli": ["api"],
};

const root = resolve(import.meta.dirname, "..");
const files = readSourceFiles(root);
const edges = importEdges(files);

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\//.test(path);

function homeOf(path: string): string | undefined {
  return Object.keys(allowed)
    .filter((home) => path.startsWith(`${home}/`))
    .sort((a, b) => b.length - a.length)[0];
}

test("packages import one another in one direction only", () => {
  const faults = files.flatMap(({ path, imports }) => {
    const home = homeOf(path);
    if (home === undefined) return [];
    const own = home.split("/")[1] ?? "";
    return imports.flatMap(({ from, isType }) => {
      const name = /^@darkroom\/([a-z-]+)/.exec(from)?.[1];
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
  const faults = files.flatMap(({ path, imports }) => {
    const [group = "", name = ""] = path.split("/");
    if (group !== "apps" && group !== "packages") return [];
    return imports
      .filter(({ from }) => from.startsWith("."))
      .filter(({ from }) => !relative(root, resolve(root, path, "..", from)).startsWith(`${group}/${name}/`))
      .map(({ from }) => `${path} imports ${from}`);
  });
  expect(faults).toEqual([]);
});

test("no file imports itself by way of others, not even for a type", () => {
  const circles = findCircles(edges);
  expect(circles.map((circle) => circle.join(" → "))).toEqual([]);
});

describe("a room imports only rooms below it", () => {
  it.each(Object.entries(houses))("in %s", (house, rows) => {
    expect(
      roomFaults(
        house,
        rows,
        files.map(({ path }) => path),
        edges,
      ),
    ).toEqual([]);
  });
});

test("pages never import server code", () => {
  const pages = files.filter(
    ({ path }) => path.startsWith("apps/web/src/") && !path.startsWith("apps/web/src/server/"),
  );
  const faults = pages.flatMap(({ path, imports }) =>
    imports
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

/** Tests and pages are lists of what happens and of what is shown: as long as they need to be. */
test("no function has more than 100 lines", () => {
  const faults = files
    .filter(({ path }) => !isTest(path) && !/\.(e2e\.ts|tsx)$/.test(path))
    .flatMap(({ path, text }) =>
      longFunctions(text, 100).map(({ line, lines }) => `${path}:${line} has ${lines} lines`),
    );
  expect(faults).toEqual([]);
});

test("files have kebab-case names", () => {
  const faults = files
    .map(({ path }) => path)
    .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(basename(path)));
  expect(faults).toEqual([]);
});
