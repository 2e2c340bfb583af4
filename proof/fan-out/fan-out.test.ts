import { expect, inject, test } from "vitest";
import { ours, rawWs } from "./contenders.ts";
import { runFanOut, tableOf } from "./fan-out.ts";
import { serialisations } from "./serialisations.ts";

test("the measurement runs, and everyone delivers each event once and in order to each socket", {
  timeout: 120_000,
}, async () => {
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  const options = { sockets: 40, feeds: 2, perSecond: 10, seconds: 1, rounds: 1 };
  const figures = await runFanOut([() => ours(urls, 2), () => rawWs(urls, "")], options);
  expect(figures.map(({ name }) => name)).toEqual(["ours", "raw ws"]);
  expect(figures.every(({ p50, cpu, heap }) => p50 > 0 && cpu >= 0 && heap > 0)).toBe(true);
  expect(tableOf(figures).split("\n")).toHaveLength(10);
});

test("an event becomes JSON once for those who see backends and once for guests, however many sockets are to have it", () => {
  expect(serialisations(100)).toBe(2);
});
