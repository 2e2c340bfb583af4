import { isExactInteger } from "@darkroom/contracts";

// Python's own notation of numbers: single underscores between digits, and words for what is no number.
const wholeNumber = /^[+-]?\d+(_\d+)*$/;
const anyNumber = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;
const infinite = /^[+-]?inf(inity)?$/i;

/** As Python's `int` and `float` read a value; null if they refuse it. NaN, which no bound refuses, is a number to `float`. */
export function asNumber(value: unknown, type: "INT" | "FLOAT"): number | null {
  if (isExactInteger(value)) return finiteIn(Number(value.$integer), type);
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return type === "INT" ? Math.trunc(value) : value;
  if (typeof value !== "string") return null;
  const text = plainNumber(value);
  const digits = text.replaceAll("_", "");
  if (type === "INT") return wholeNumber.test(text) ? Number(digits) : null;
  if (infinite.test(digits)) return digits.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/i.test(digits)) return Number.NaN;
  return anyNumber.test(text) ? Number(digits) : null;
}

/** A whole number that is too large for `float` is refused. */
function finiteIn(number: number, type: "INT" | "FLOAT"): number | null {
  return type === "FLOAT" && !Number.isFinite(number) ? null : number;
}

/** A whole number that is given by its digits, which JavaScript would round to its bound. */
export function wholeOf(value: unknown): bigint | null {
  const digits = isExactInteger(value)
    ? value.$integer
    : typeof value === "string"
      ? plainNumber(value).replaceAll("_", "")
      : "";
  return /^[+-]?\d+$/.test(digits) ? BigInt(digits.replace("+", "")) : null;
}

/** What Python takes for blanks around a number: U+0085 is one, the byte order mark is none. */
const outerBlanks = /^(?:[^\S\uFEFF]|\x85)+|(?:[^\S\uFEFF]|\x85)+$/g;

/** A text as Python's `int` and `float` look at it: without blanks around it, and with the digits of any script as 0 to 9. */
function plainNumber(text: string): string {
  return text.replace(outerBlanks, "").replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)));
}

/** Each script has its ten digits in a row, which begins with its zero. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}
