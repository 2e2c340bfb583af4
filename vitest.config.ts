import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/src/**/*.test.ts", "apps/**/src/**/*.test.ts", "scripts/**/*.test.ts", "proof/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/.next/**", "e2e/**"],
    globalSetup: "./scripts/test-services.ts",
    pool: "forks",
    // More than there are cores: half of their time the tests wait for leases and processes.
    maxWorkers: 3,
    // What waits here waits for an event; these only end what never comes, also on a machine that is busy elsewhere.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
