import { expect, it } from "vitest";
import { eachOf } from "./each-of.ts";

const refusal = (retryAfterSeconds: number | null) =>
  Object.assign(new Error("No."), { data: { code: "RATE_LIMITED", httpStatus: 429, retryAfterSeconds } });

it("does each, a few at once, and tells how far it is and which were refused", async () => {
  let running = 0;
  let most = 0;
  const settled: number[] = [];
  const { done, refused } = await eachOf(
    Array.from({ length: 30 }, (_, nth) => nth),
    async (nth) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (nth % 10 === 3) throw refusal(null);
    },
    (count) => settled.push(count),
  );
  expect(settled).toEqual(Array.from({ length: 30 }, (_, nth) => nth + 1));
  expect(done).toHaveLength(27);
  expect(refused.map(({ item }) => item)).toEqual([3, 13, 23]);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(10);
});

it("asks no more once a limit has refused one, and names all that were not done", async () => {
  const asked: number[] = [];
  const { done, refused } = await eachOf(
    Array.from({ length: 100 }, (_, nth) => nth),
    async (nth) => {
      asked.push(nth);
      if (nth > 10) throw refusal(40);
    },
  );
  expect(asked.length).toBeLessThan(25);
  expect(done.length + refused.length).toBe(100);
  expect(new Set(refused.map((each) => each.refusal.retryAfterSeconds))).toEqual(new Set([40]));
});
