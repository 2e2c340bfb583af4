import { defineConfig } from "@playwright/test";
import { chromiumArgs, findChromium } from "./scripts/testing/chromium.ts";

const chromium = await findChromium();

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.e2e.ts",
  globalSetup: "./e2e/global-setup.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // One simulator draws for all, and the time that a page takes is tested too: one at a time.
  workers: 1,
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
