import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: join(import.meta.dirname, "../../scripts/testing/services.ts"),
    dir: import.meta.dirname,
    include: ["*.deploy.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
