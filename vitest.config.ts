import { join } from "node:path";
import { defineConfig } from "vitest/config";

// As in `scripts/bootstrap.mjs`, for a run without it: tests start processes by the hundred.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, ".cache", "compile");

export default defineConfig({
  test: {
    include: ["packages/**/src/**/*.test.ts", "apps/**/src/**/*.test.ts", "scripts/**/*.test.ts", "proof/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.next/**", "e2e/**"],
    globalSetup: "./scripts/testing/services.ts",
    pool: "forks",
    // Each starts processes of its own. With a third the whole takes a minute less, and on a machine that is busy elsewhere
    // some process then takes too long for what it is there to prove.
    maxWorkers: 2,
    // What waits here waits for an event; these only end what never comes, also on a machine that is busy elsewhere.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
