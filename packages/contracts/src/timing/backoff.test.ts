import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("the bound of a wait doubles with each failed try until it reaches its longest", () => {
  const longest = [0, 1, 2, 3, 4, 2000].map((tries) =>
    backoffMs(tries, { firstMs: 100, maxMs: 1000, random: () => 1 }),
  );
  expect(longest).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test("a wait is anything below its bound, so that those who failed together do not come back together", () => {
  expect(backoffMs(3, { firstMs: 100, maxMs: 1000, random: () => 0 })).toBe(0);
  const waits = Array.from({ length: 1000 }, () => backoffMs(20, { firstMs: 100, maxMs: 1000 }));
  const perQuarter = [0, 1, 2, 3].map((quarter) => waits.filter((wait) => Math.floor(wait / 250) === quarter).length);
  expect(Math.min(...perQuarter)).toBeGreaterThan(150);
});
