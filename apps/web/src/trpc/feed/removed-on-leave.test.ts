import { expect, it } from "vitest";
import { noteRemoved, takeRemoved } from "./removed-on-leave.ts";

it("what a page removes as it is left is told to the next page, all of it and once", () => {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
  noteRemoved(storage, ["a", "b"]);
  noteRemoved(storage, ["c"]);
  expect(takeRemoved(storage)).toEqual(["a", "b", "c"]);
  expect([takeRemoved(storage), takeRemoved(null)]).toEqual([[], []]);
});
