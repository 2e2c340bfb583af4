import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";

describe("cursor", () => {
  test("what was encoded is decoded, and is safe in a URL", () => {
    const cursor = { "01890000-0000-7000-8000-000000000000": 42, other: 0 };
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/);
    expect(encodeCursor({})).not.toBe("");
  });

  test.each([
    "",
    "garbage",
    "[]",
    "null",
    encodeCursor({ A: -1 }),
    encodeCursor({ A: 1.5 }),
    Buffer.from('{"A":"1"}').toString("base64url"),
    Buffer.from("[1]").toString("base64url"),
    Buffer.from("null").toString("base64url"),
    "A".repeat(20_000),
  ])("%j is no cursor", (text) => {
    expect(decodeCursor(text)).toBeNull();
  });

  test("an owner named like a prototype stays an owner", () => {
    const cursor = decodeCursor(Buffer.from('{"__proto__":3}').toString("base64url"));
    expect(Object.keys(cursor ?? {})).toEqual(["__proto__"]);
  });
});
