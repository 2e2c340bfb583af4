import { expect, test } from "vitest";
import { newId, timeOfId } from "../ids.ts";
import { clickedAt } from "./trace.ts";

test("a click was when its id was made, unless the id is another's or says what cannot be", () => {
  const id = newId();
  const madeMs = timeOfId(id).getTime();
  expect(clickedAt(id, madeMs + 250)).toBe(madeMs);
  expect(clickedAt(id, madeMs - 250)).toBe(madeMs - 250);
  expect(clickedAt(id, madeMs + 3_600_000)).toBe(madeMs + 3_600_000);
  expect(clickedAt("from-a-proxy", 7)).toBe(7);
});
