import { expect, test } from "vitest";
import { newId, timeOfId } from "./ids.ts";

test("ids are in the order in which they were made, each another, also thousands in a millisecond", () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, newId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  const form = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  expect(timeOfId(ids[0] ?? "").getTime()).toBeGreaterThanOrEqual(before);
  expect(timeOfId(ids.at(-1) ?? "").getTime()).toBeLessThanOrEqual(after);
  // The end is random in each of them, and forty bits are hardly ever the same twice.
  expect(new Set(ids.map((id) => id.slice(-10))).size).toBeGreaterThan(ids.length - 3);
});
