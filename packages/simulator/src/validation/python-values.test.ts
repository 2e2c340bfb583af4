import { expect, test } from "vitest";
import { convert, type PythonError, pythonRepr } from "./python-values.ts";

test.each([
  ["INT", " 1_000 ", 1000],
  ["INT", "\u00a0٢٠\u0085", 20],
  ["FLOAT", "१.𝟝", 1.5],
  ["INT", 20.7, 20],
  ["INT", true, 1],
  ["FLOAT", ".5", 0.5],
  ["FLOAT", "-inf", Number.NEGATIVE_INFINITY],
  ["STRING", null, "None"],
  ["STRING", { a: [1, "b"] }, "{'a': [1, 'b']}"],
  ["BOOLEAN", "false", true],
  ["BOOLEAN", "", false],
  ["BOOLEAN", null, false],
  ["COMBO", "1", "1"],
])("an input of type %s gets %j as %j", (kind, given, gets) => {
  expect(convert(given, kind)).toEqual(gets);
});

test("a whole number keeps all its digits", () => {
  expect(convert("18446744073709551615", "INT")).toBe(18446744073709551615n);
});

test.each([
  ["INT", "20.7", "ValueError", "invalid literal for int() with base 10: '20.7'"],
  ["INT", null, "TypeError", "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"],
  ["INT", "²", "ValueError", "invalid literal for int() with base 10: '²'"],
  ["INT", "\ufeff2", "ValueError", "invalid literal for int() with base 10: '\ufeff2'"],
  ["FLOAT", "wide", "ValueError", "could not convert string to float: 'wide'"],
  ["FLOAT", {}, "TypeError", "float() argument must be a string or a real number, not 'dict'"],
])("an input of type %s refuses %j as Python does", (kind, given, pythonName, message) => {
  expect(() => convert(given, kind)).toThrow(expect.objectContaining({ pythonName, message }) as PythonError);
});

test("a text is shown with Python's quotes", () => {
  expect([pythonRepr("a"), pythonRepr("it's")]).toEqual(["'a'", '"it\'s"']);
});
