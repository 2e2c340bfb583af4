import { expect, it } from "vitest";
import { isTooLongForUrl } from "./client.ts";

it("a query with a whole prompt is too long for an address, in any script", () => {
  expect(isTooLongForUrl(undefined)).toBe(false);
  expect(isTooLongForUrl({ search: "a red cube ".repeat(20) })).toBe(false);
  expect(isTooLongForUrl({ search: "a red cube ".repeat(400) })).toBe(true);
  expect(isTooLongForUrl({ search: "붉은 정육면체 ".repeat(60) })).toBe(true);
});
