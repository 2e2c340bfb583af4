/** What Python would have thrown while validating. */
export class PythonError extends Error {
  readonly pythonName: string;

  constructor(pythonName: string, message: string) {
    super(message);
    this.pythonName = pythonName;
  }
}

// Single underscores between digits are Python's own.
const wholeNumber = /^[+-]?\d+(_\d+)*$/;
const anyNumber = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;

/**
 * What Python's `int`, `float`, `str` and `bool` make of a value; the other types are taken as they are.
 *
 * @throws PythonError where they do
 */
export function convert(value: unknown, kind: unknown): unknown {
  if (kind === "INT") return toInt(value);
  if (kind === "FLOAT") return toFloat(value);
  if (kind === "STRING") return pythonText(value);
  return kind === "BOOLEAN" ? isTrue(value) : value;
}

function toInt(value: unknown): number | bigint {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return Math.trunc(value);
    throw new PythonError("ValueError", `cannot convert float ${Number.isNaN(value) ? "NaN" : "infinity"} to integer`);
  }
  if (typeof value !== "string") throw unconvertible("int", "a string, a bytes-like object or a real number", value);
  const digits = plainNumber(value);
  if (!wholeNumber.test(digits)) {
    throw new PythonError("ValueError", `invalid literal for int() with base 10: ${pythonRepr(value)}`);
  }
  const plain = digits.replaceAll("_", "").replace("+", "");
  return Number.isSafeInteger(Number(plain)) ? Number(plain) : BigInt(plain);
}

function toFloat(value: unknown): number {
  if (typeof value === "boolean" || typeof value === "number") return Number(value);
  if (typeof value === "bigint") {
    if (Number.isFinite(Number(value))) return Number(value);
    throw new PythonError("OverflowError", "int too large to convert to float");
  }
  if (typeof value !== "string") throw unconvertible("float", "a string or a real number", value);
  const text = plainNumber(value);
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (word !== null && word[2]?.toLowerCase() === "nan") return Number.NaN;
  if (word !== null) return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (anyNumber.test(text)) return Number(text.replaceAll("_", ""));
  throw new PythonError("ValueError", `could not convert string to float: ${pythonRepr(value)}`);
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

function unconvertible(to: string, wanted: string, value: unknown): PythonError {
  const article = to === "int" ? "int() argument" : "float() argument";
  return new PythonError("TypeError", `${article} must be ${wanted}, not '${pythonType(value)}'`);
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** Python's `<`: whatever is no number is not compared with one. */
export function isLess(left: unknown, right: unknown): boolean {
  const [a, b] = [left, right].map((one) => (typeof one === "boolean" ? Number(one) : one));
  if (isNumeric(a) && isNumeric(b)) return a < b;
  const types = `'${pythonType(left)}' and '${pythonType(right)}'`;
  throw new PythonError("TypeError", `'<' not supported between instances of ${types}`);
}

/** Python's `in`: `True` is 1, and a text is no number. */
export function isAmong(value: unknown, choices: readonly unknown[]): boolean {
  const plain = (one: unknown): unknown =>
    typeof one === "boolean" || typeof one === "bigint" ? Number(one) : (one ?? null);
  return choices.some((choice) => plain(choice) === plain(value));
}

/** Some bounds exceed what a JavaScript number holds exactly. */
function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Python's `str`. */
export function pythonText(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** Python's `repr`. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([key, entry]) => `${pythonRepr(key)}: ${pythonRepr(entry)}`)
    .join(", ")}}`;
}

/** The name of a value's type. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return { string: "str", boolean: "bool", bigint: "int" }[typeof value as string] ?? "dict";
}
