import { expect, test } from "vitest";
import { parsePythonJson } from "./python-json.ts";

test("numbers are read as Python reads them: all digits, and bare NaN and Infinity, but not in a text", () => {
  expect(parsePythonJson('{"a":[NaN,-Infinity,1.5],"b":18446744073709551615,"c":"NaN \\"Infinity"}')).toEqual({
    a: [Number.NaN, Number.NEGATIVE_INFINITY, 1.5],
    b: 18446744073709551615n,
    c: 'NaN "Infinity',
  });
});

test("what is no JSON is refused", () => {
  expect(() => parsePythonJson("{not json")).toThrow(SyntaxError);
});
