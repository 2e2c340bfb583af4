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
    // Another zone than the server's: a page that shows a time as the server has it is drawn anew in the browser, with an error.
    timezoneId: "Pacific/Auckland",
    launchOptions: {
      args: chromiumArgs,
      env: { ...process.env, ...chromium.env },
      ...(chromium.executablePath === undefined ? {} : { executablePath: chromium.executablePath }),
    },
    // What was done and what the page was at the end, without a film of it: to keep every frame and every state of the page
    // takes a third of the processor.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
    // A service worker would answer before a test's own routes do; the test of the offline page allows it.
    serviceWorkers: "block",
    // Pages that animate are drawn all the time; what moves has no test of its own.
    contextOptions: { reducedMotion: "reduce" },
  },
});
