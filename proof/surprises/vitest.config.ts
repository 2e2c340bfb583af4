import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

export default defineConfig({
  root,
  test: {
    include: ["proof/surprises/measure.ts"],
    globalSetup: resolve(root, "scripts/testing/services.ts"),
    pool: "forks",
    // They mostly wait; more at once would measure the machine.
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 30_000,
  },
});
