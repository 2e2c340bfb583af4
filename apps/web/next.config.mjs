import { join } from "node:path";

// Not in TypeScript: to read that, Next loads its compiler, a library of 100 MB, at each start.

/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm test` checks the types. Checked again by each build they were a third of the first `npm start`.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@darkroom/contracts", "@darkroom/workflow-files"],
  // The workspace's root, so that Turbopack follows pnpm's links and never guesses from other lockfiles above.
  turbopack: { root: join(import.meta.dirname, "../..") },
  outputFileTracingRoot: join(import.meta.dirname, "../.."),
  // Pictures come from our own origin in the sizes we store; a second resizer would only cost memory.
  images: { unoptimized: true },
};

export default config;
