import { join } from "node:path";
import { defineConfig } from "vitest/config";

// As in `scripts/bootstrap.mjs`, for a run without it: tests start processes by the hundred.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, ".cache", "compile");

/**
 * Wait for what takes long in production too, as a ping that is not answered, and leave the processor alone meanwhile.
 * `npm test` runs them beside everything else, one at a time.
 */
const waits = [
  "apps/web/src/server/postgres-hung.test.ts",
  "apps/web/src/server/websocket/half-open.test.ts",
  "apps/web/src/server/websocket/lifetime.test.ts",
  "apps/web/src/trpc/live-link.test.ts",
  "apps/worker/src/run/backend-gone.test.ts",
  "packages/client/src/silence.test.ts",
  "packages/db/src/postgres/pool.test.ts",
  "proof/storm/outage.test.ts",
];
/** Start the whole product, or go on until chance has had its chances. `pnpm test:fast` leaves them out. */
const proofs = ["proof/!(mutants)/**/*.test.ts", "scripts/start.test.ts"];
/** Run workers, simulators and gateways: what one of them leaves running must not trouble the next. */
const apart = [
  "apps/worker/src/**/*.test.ts",
  "apps/web/src/server/**/*.test.ts",
  "packages/simulator/src/**/*.test.ts",
];
/** Nothing of ours is alive beyond its creator, so these share a process, and with it all that is loaded and compiled. */
const together = [
  ...["packages/**/src/**/*.test.ts", "apps/**/src/**/*.test.ts", "scripts/**/*.test.ts"],
  // Only reads: whoever changes a line that a mutant names should hear of it the same minute.
  "proof/mutants/*.test.ts",
];

const common = {
  pool: "forks",
  // What waits here waits for an event; these only end what never comes, also on a machine that is busy elsewhere.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  restoreMocks: true,
  expect: { poll: { timeout: 15_000 } },
} as const;
const never = ["**/node_modules/**", "**/.next/**", "e2e/**"];

export default defineConfig({
  test: {
    globalSetup: "./scripts/testing/services.ts",
    // Each starts processes of its own, and has tests that run beside each other. A third takes half a minute off the whole,
    // and some process then takes too long for what it is there to prove.
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: "waits", include: waits, exclude: never, maxConcurrency: 3 } },
      { test: { ...common, name: "proof", include: proofs, exclude: [...never, ...waits] } },
      // Of tests that run beside each other three at a time: with five, a busy machine stands still for longer than a simulated run.
      { test: { ...common, name: "apart", include: apart, exclude: [...never, ...waits], maxConcurrency: 3 } },
      {
        test: {
          ...common,
          name: "together",
          isolate: false,
          include: together,
          exclude: [...never, ...waits, ...apart, ...proofs],
        },
      },
    ],
  },
});
