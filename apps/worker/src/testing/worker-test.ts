import { test as base, inject } from "vitest";
import { type FixtureOptions, setupWorkers } from "./worker-fixture.ts";

/**
 * A test that is given `setup`, which makes it a database, a simulator and a storage of its own. The end of a test
 * belongs to its context and not to the module, so tests that mostly wait can run beside each other.
 */
export const test = base.extend("setup", ({ onTestFinished }) => (options: FixtureOptions = {}) => {
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  return setupWorkers(urls, { ...options, onFinished: onTestFinished });
});
