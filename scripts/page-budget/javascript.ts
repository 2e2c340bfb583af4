import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a route loads of JavaScript at most, as a multiple of a page of Next with nothing on it: the one that a visitor opens first, and the others. */
const MOST = { first: 1.4, others: 1.45 };

/** What a route loads at most, as a multiple of the bare page. */
export const mostOf = (route: string): number => (route === "/page" ? MOST.first : MOST.others);

export interface RouteJavaScript {
  /** As Next names it: `/jobs/[jobId]/page`. */
  readonly route: string;
  /** gzip, without what is loaded later. */
  readonly bytes: number;
}

interface ClientManifest {
  readonly entryJSFiles: Readonly<Record<string, readonly string[]>>;
}

const MANIFEST = "_client-reference-manifest.js";

/**
 * What each route of a build loads first, by the build's own lists, which are what its HTML names. Next's scripts for
 * browsers without modules are not counted: none that we support loads them.
 *
 * @param built Next's folder `.next`
 */
export function javascriptByRoute(built: string): RouteJavaScript[] {
  const { rootMainFiles } = JSON.parse(readFileSync(join(built, "build-manifest.json"), "utf8")) as {
    rootMainFiles: string[];
  };
  const sizes = new Map<string, number>();
  const sizeOf = (file: string): number => {
    const size = sizes.get(file) ?? gzipSync(readFileSync(join(built, file))).byteLength;
    sizes.set(file, size);
    return size;
  };
  const app = join(built, "server/app");
  return globSync(`**/page${MANIFEST}`, { cwd: app })
    .sort()
    .map((path) => {
      const files = new Set([...rootMainFiles, ...Object.values(readManifest(join(app, path)).entryJSFiles).flat()]);
      const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
      return { route: `/${path.slice(0, -MANIFEST.length)}`, bytes };
    });
}

/** The file is a script that assigns the manifest as JSON. */
function readManifest(path: string): ClientManifest {
  const script = readFileSync(path, "utf8");
  const json = /globalThis\.__RSC_MANIFEST\[".*?"\]\s*=\s*(\{[\s\S]*\});?\s*$/.exec(script)?.[1];
  if (json === undefined) throw new Error(`${path} is not written as this version of Next writes it`);
  return JSON.parse(json) as ClientManifest;
}

/** The routes that load more than they may, each with its ratio to the bare page, in words; empty if none does. */
export function overBudget(routes: readonly RouteJavaScript[], bareBytes: number): string[] {
  return routes.flatMap(({ route, bytes }) => {
    const most = mostOf(route);
    const ratio = bytes / bareBytes;
    if (ratio <= most) return [];
    const kilobytes = (bytes / 1000).toFixed(1);
    return [`${route} loads ${kilobytes} KB of JavaScript, ${ratio.toFixed(2)} × a bare page; it may be ${most} ×`];
  });
}

/** Next's page without anything of ours: the one for an error that nothing else could show. It is part of every build. */
export function bareBytesOf(routes: readonly RouteJavaScript[]): number {
  const bare = routes.find(({ route }) => route === "/_global-error/page");
  if (bare === undefined) throw new Error("this version of Next builds no page for global errors");
  return bare.bytes;
}
