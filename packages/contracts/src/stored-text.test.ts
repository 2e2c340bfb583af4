import { expect, test } from "vitest";
import { unstorableField } from "./stored-text.ts";

test.each<[unknown, string, RegExp]>([
  ["a\u0000b", "", /NUL/],
  [{ inputs: { prompt: "\ud800" } }, "inputs.prompt", /Unicode/],
  [{ items: [{ a: "fine" }, { a: "\udc00x" }] }, "items.1.a", /Unicode/],
  [{ metadata: { "a\u0000": 1 } }, "metadata", /name that must not contain NUL/],
  [JSON.parse('{ "inputs": { "__proto__": "a" } }'), "inputs", /name that must not be __proto__/],
])("%j names %s", (value, path, message) => {
  expect(unstorableField(value)).toEqual({ path, message: expect.stringMatching(message) });
});

test.each([undefined, null, 7, true, "", "📷 e\u0301", { a: [{ b: "c" }] }])("%j can be stored", (value) => {
  expect(unstorableField(value)).toBeNull();
});

test("a value that nests deeper than a reader's stack is refused, not read to its end", () => {
  const deep = JSON.parse("[".repeat(400_000) + "]".repeat(400_000)) as unknown;
  expect(unstorableField(deep)).toMatchObject({ message: "is nested too deeply" });
});
