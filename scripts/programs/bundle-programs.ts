import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { rename } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "rolldown";
import { fingerprint } from "./fingerprint.ts";
import { sources } from "./programs.ts";

/**
 * Stay what they are: Next finds its own files by their places, sharp is a native library, and file-type looks for a package
 * at run time. Each with who depends on it.
 */
const outside = { next: "apps/web", sharp: "packages/storage", "file-type": "packages/storage" };

const inputs = [
  "scripts/programs/bundle-programs.ts",
  "packages/*/src/**/*.ts",
  "packages/*/package.json",
  "apps/*/src/**/*.ts",
  "pnpm-lock.yaml",
];
const notInputs = /(^|\/)node_modules(\/|$)|\.test\.ts$/;

/** A process that was started from an older bundle may still load a part of it. */
const KEPT_DAYS = 7;

/**
 * Puts each of our programs, with the packages it needs, into a few files for Node, unless that was done for these sources:
 * a process that reads eight hundred modules needs half a second of a core before its first line. Takes about a second.
 *
 * @returns the folder, for `bundledIn`
 */
export async function bundlePrograms(root: string): Promise<string> {
  const all = join(root, ".cache", "programs");
  const folder = join(all, fingerprint(root, inputs, notInputs));
  if (!isThere(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    await bundle(root, unfinished);
    // Another start may have been quicker.
    await rename(unfinished, folder).catch(() => rmSync(unfinished, { recursive: true, force: true }));
    removeOld(all);
  }
  utimesSync(folder, new Date(), new Date());
  return folder;
}

async function bundle(root: string, folder: string): Promise<void> {
  const input = Object.fromEntries(Object.entries(sources).map(([name, file]) => [name, join(root, file)]));
  // Loaded only here: most starts find their bundles, and would load it for nothing.
  const { rolldown } = await import("rolldown");
  const bundler = await rolldown({
    input,
    platform: "node",
    treeshake: false,
    // Kept as it stands, such an import would fail when the program starts, from a bundle that looks finished.
    onLog: (_level, { code, message }) => {
      if (code === "UNRESOLVED_IMPORT") throw new Error(`${message}\nRun pnpm install.`);
    },
    plugins: [keepOutside(root), keepPlaces, httpWithoutFetch],
  });
  try {
    await bundler.write({
      dir: folder,
      format: "esm",
      // Nothing is taken away: it holds a call of `decodeURIComponent` that is there to throw to be without effect.
      minify: false,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
    });
  } finally {
    await bundler.close();
  }
}

/** Imports of these packages go on to lead to the installed ones. */
function keepOutside(root: string): Plugin {
  return {
    name: "keep-outside",
    resolveId: (id) => {
      if (!isOutside(id)) return null;
      return { id: createRequire(join(root, outside[id], "package.json")).resolve(id), external: true };
    },
  };
}

const isOutside = (id: string): id is keyof typeof outside => Object.hasOwn(outside, id);

/** A source that reads a file beside it finds it where it was, whatever file the source itself is in now. */
const keepPlaces: Plugin = {
  name: "keep-places",
  transform: {
    filter: { id: /\.ts$/, code: /import\.meta\./ },
    handler: (code, id) =>
      code
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(id)))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)),
  },
};

/**
 * An import of `node:http` reads all that it exports, also its `WebSocket`, for which Node loads its whole `fetch`: half of
 * what an empty process takes to start. Ours need the rest of it.
 */
const httpWithoutFetch: Plugin = {
  name: "http-without-fetch",
  resolveId: {
    filter: { id: /^(node:)?http$/ },
    handler: (_id, _importer, { kind }) => (kind === "import-statement" ? "\0http-without-fetch" : null),
  },
  load: {
    filter: { id: /^\0http-without-fetch$/ },
    handler: () => {
      const names = Object.entries(Object.getOwnPropertyDescriptors(http)).flatMap(([name, { get }]) =>
        get ? [] : [name],
      );
      return `const http = process.getBuiltinModule("node:http");\nexport default http;\nexport const { ${names.join(", ")} } = http;`;
    },
  },
};

function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined;
}

function removeOld(all: string): void {
  for (const name of readdirSync(all)) {
    const days = (Date.now() - statSync(join(all, name)).mtimeMs) / 86_400_000;
    if (days > KEPT_DAYS) rmSync(join(all, name), { recursive: true, force: true });
  }
}
