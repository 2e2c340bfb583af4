import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

export interface SourceImport {
  /** As it is written: `./jobs/submit-jobs.ts`, `@darkroom/db`, `node:fs`. */
  from: string;
  /** Whether it vanishes when the types are stripped. */
  isType: boolean;
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes: `packages/db/src/index.ts`. */
  path: string;
  text: string;
  imports: SourceImport[];
}

/** One import of a file by a file of the same package. Both are paths from the root of the repository. */
export interface ImportEdge {
  from: string;
  to: string;
}

const sources = [
  "apps/*/src/**/*.{ts,tsx}",
  "packages/*/src/**/*.{ts,tsx}",
  "scripts/**/*.{ts,mjs}",
  "proof/**/*.ts",
  "e2e/**/*.ts",
];

/** Every source file of ours under a root, sorted by path. */
export function readSourceFiles(root: string): SourceFile[] {
  return globSync(sources, { cwd: root, exclude: ["**/node_modules/**"] })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(text) };
    });
}

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`. */
const importPattern =
  /(?:^|\n)\s*(import|export)(\s+type\b)?([^;"'`]*?)from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;

/** A pattern instead of a parser: our formatter writes imports in one way only, and TypeScript 7 has no parser for scripts. */
export function importsOf(text: string): SourceImport[] {
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

/** The relative imports of all files, resolved. What is no source file of ours (a style sheet, a Lua script) is left out. */
export function importEdges(files: SourceFile[]): ImportEdge[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => from.startsWith("."))
      .map(({ from }) => ({ from: path, to: posix.join(posix.dirname(path), from) }))
      .filter(({ to }) => known.has(to)),
  );
}
