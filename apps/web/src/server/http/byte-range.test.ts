import { expect, test } from "vitest";
import { parseRange } from "./byte-range.ts";

test.each([
  ["bytes=0-4", { start: 0, end: 4 }],
  ["bytes=5-", { start: 5, end: 9 }],
  ["bytes=9-100", { start: 9, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-100", { start: 0, end: 9 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=4-2", null],
  ["bytes=0-1,3-4", null],
  ["bytes=-", null],
  ["items=0-4", null],
  [undefined, null],
])("%s of 10 bytes is %j", (header, range) => {
  expect(parseRange(header, 10)).toEqual(range);
});

test("of an empty file no range can be had", () => {
  expect(parseRange("bytes=0-", 0)).toBe("unsatisfiable");
});
