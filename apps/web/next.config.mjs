import { join } from "node:path";

// Not in TypeScript: to read that, Next loads its compiler, a library of 100 MB, at each start.

/**
 * What the pages import of tRPC, as tRPC publishes it beside the packages: in TypeScript, a file for each part. The bundler leaves out
 * what no page uses, which it cannot where a package is one module, and compiles the rest for browsers of today.
 */
const trpcSources = Object.fromEntries(
  Object.entries({
    client: "client/src/index.ts",
    "client/links/wsLink/wsLink": "client/src/links/wsLink/wsLink.ts",
    "react-query": "react-query/src/index.ts",
    "react-query/shared": "react-query/src/shared/index.ts",
    "server/observable": "server/src/observable/index.ts",
    "server/unstable-core-do-not-import": "server/src/unstable-core-do-not-import.ts",
    "server/vendor/*": "server/src/vendor/*",
  }).map(([name, path]) => [`@trpc/${name}`, `./node_modules/@trpc/${path}`]),
);

/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm test` checks the types. Checked again by each build they were a third of the first `npm start`.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: [
    "@darkroom/contracts",
    "@darkroom/workflow-files",
    "@trpc/client",
    "@trpc/react-query",
    "@trpc/server",
  ],
  // The workspace's root, so that Turbopack follows pnpm's links and never guesses from other lockfiles above.
  turbopack: { root: join(import.meta.dirname, "../.."), resolveAlias: trpcSources },
  outputFileTracingRoot: join(import.meta.dirname, "../.."),
  // Fewer scripts: what all pages share in one, what a page has of its own in another. gzip finds more to leave out in them, and the next
  // page of a visit loads no more than with many small ones. Sizes are in bytes of sources.
  experimental: { turbopackChunking: { minChunkSize: 500_000, maxMergeChunkSize: 3_000_000 } },
  // Pictures come from our own origin in the sizes we store; a second resizer would only cost memory.
  images: { unoptimized: true },
};

export default config;
