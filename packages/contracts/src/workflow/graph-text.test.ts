import { expect, it } from "vitest";
import { graphText, parseGraphText, textOfFile } from "./graph-text.ts";
import { graphSchema } from "./workflow.ts";

it.each([
  ['{"a":18446744073709551615}', { a: { $integer: "18446744073709551615" } }],
  ['{"a":[-9007199254740993,9007199254740991]}', { a: [{ $integer: "-9007199254740993" }, 9_007_199_254_740_991] }],
  ['{"a":1.5e300,"b":0.1}', { a: 1.5e300, b: 0.1 }],
  ['{"a":"NaN 18446744073709551615 \\"{\\""}', { a: 'NaN 18446744073709551615 "{"' }],
])("keeps every digit of %s, there and back", (text, parsed) => {
  expect(parseGraphText(text)).toEqual(parsed);
  expect(parseGraphText(graphText(parsed))).toEqual(parsed);
  expect(graphText(parsed)).not.toContain('"$integer":');
});

it("writes digits again when it indents", () => {
  expect(graphText({ a: { $integer: "18446744073709551615" } }, 2)).toBe('{\n  "a": 18446744073709551615\n}');
});

it.each([
  ["NaN", '{"a":[NaN],"b":{"c":-Infinity}}', { a: [null], b: { c: null } }],
  [
    "NaN in an input of a node, which Python makes of its name, too",
    '{"1":{"class_type":"A","inputs":{"a":NaN,"b":-Infinity,"c":[NaN]},"is_changed":[NaN]},"2":{"inputs":[NaN]}}',
    {
      "1": { class_type: "A", inputs: { a: "NaN", b: "-Infinity", c: [null] }, is_changed: [null] },
      "2": { inputs: [null] },
    },
  ],
  ["a byte order mark", '\uFEFF{"a":1}', { a: 1 }],
])("reads %s", (_, text, parsed) => {
  expect(parseGraphText(text)).toEqual(parsed);
});

it.each([
  ["quotes", `{"a":"${'\\"'.repeat(500_000)}`],
  ["quotes and half an escape", `{"a":"${'\\"'.repeat(500_000)}\\`],
  ["escaped line ends", `{"a":"${"\\\n".repeat(500_000)}`],
])("refuses a text that never ends and is full of %s, in time that grows with its length", (_, text) => {
  expect(() => parseGraphText(text)).toThrow(SyntaxError);
});

it("reads the text of a file in UTF-8 and UTF-16, with a byte order mark or without", () => {
  const text = '{"text":"ein Schloß 🏰"}';
  const little = Buffer.from(`\uFEFF${text}`, "utf16le");
  const big = Buffer.from(little).swap16();
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\uFEFF${text}`),
    little,
    big,
    little.subarray(2),
    big.subarray(2),
  ]) {
    expect(parseGraphText(textOfFile(bytes))).toEqual({ text: "ein Schloß 🏰" });
  }
});

it("reads no other letters than a file has: what is neither UTF-8 nor UTF-16 is refused", () => {
  const latin = Buffer.from('{"text":"Schloß"}', "latin1");
  const half = Buffer.from('\uFEFF{"text":"\ud83c"}', "utf16le");
  for (const bytes of [latin, half]) expect(() => textOfFile(bytes)).toThrow(TypeError);
});

it.each([{ title: null }, { title: 7 }, null, "x", []])("takes a graph whatever decorates it: %j", (meta) => {
  const node = { class_type: "KSampler", inputs: {}, _meta: meta };
  expect(graphSchema.parse({ "3": node })["3"]?._meta?.title).toBeUndefined();
});
