import { createTestDatabase } from "@darkroom/db/testing";
import { expect, inject, test } from "vitest";
import { runStorm } from "./storm.ts";

test("200 sockets survive a kill -9 of the gateway: each durable event once and in order, for a few queries", {
  timeout: 120_000,
}, async () => {
  const { database, url, drop } = await createTestDatabase(inject("postgresUrl"));
  try {
    const report = await runStorm({
      database,
      databaseUrl: url,
      redisUrl: inject("redisUrl"),
      sockets: 200,
      eventsPerSecond: 40,
      calmMs: 500,
      patienceMs: 50_000,
      say: () => undefined,
    });
    expect(report.verdict).toMatchObject({ missed: 0, repeated: 0, outOfOrder: 0, foreign: 0, resets: 0 });
    expect(report.verdict.events).toBeGreaterThan(0);
    // Two queries in each tenth of a second in which somebody came back, however many they were; the rest is routine.
    expect(report.queries).toBeLessThanOrEqual(20 * (report.allMs / 1000) + 15);
    // What a start asks is the same for one client and for thousands.
    expect(report.startQueries).toBeLessThanOrEqual(60);
  } finally {
    await drop();
  }
});
