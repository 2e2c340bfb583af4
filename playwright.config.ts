import { defineConfig } from "@playwright/test";
import { chromiumArgs, findChromium } from "./scripts/testing/chromium.ts";

const chromium = await findChromium();

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.e2e.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Each worker has a product and a simulator of its own. A product that is named from outside is one for all.
  workers: process.env.E2E_BASE_URL ? 1 : 2,
  forbidOnly: true,
  reporter: "list",
  use: {
    launchOptions: {
      args: chromiumArgs,
      env: { ...process.env, ...chromium.env },
      ...(chromium.executablePath === undefined ? {} : { executablePath: chromium.executablePath }),
    },
    // What a page was, without a film of it: to draw every frame for one takes a third of the processor.
    trace: { mode: "retain-on-failure", screenshots: false },
  },
});
