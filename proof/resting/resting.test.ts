import { expect, test } from "vitest";
import { rest } from "./resting.ts";

test("the measurement runs, and finds every process of the product and a bare server of Next", {
  timeout: 240_000,
}, async () => {
  const { shares, ours, bare } = await rest({ seconds: 0.2, pages: 4 });
  expect([...shares.keys()].sort()).toEqual(["launcher", "postgres", "simulator", "valkey", "web", "worker"]);
  for (const bytes of [ours.idle, ours.underLoad, bare.idle, bare.underLoad]) expect(bytes).toBeGreaterThan(2 ** 20);
});
