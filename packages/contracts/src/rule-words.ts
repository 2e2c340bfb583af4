import type * as z from "zod";
import type { FieldError } from "./error.ts";

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};
const formats: Readonly<Record<string, string>> = {
  uuid: "must be an id (a UUID)",
  url: "must be an address (a URL)",
  datetime: "must be a time as ISO 8601 writes it, like 2026-01-01T12:00:00Z",
  date: "must be a day as ISO 8601 writes it, like 2026-01-01",
};

/** The rule that a value breaks, as what follows its field's name; undefined leaves the words to zod. */
export function ruleWords(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value": {
      if (issue.input === undefined) return "is required";
      const values = issue.values.map(String);
      return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}`;
    }
    case "invalid_format":
      return issue.format === "regex" ? `must match ${issue.pattern}` : formats[issue.format];
    case "too_small":
      return bound("at least", issue.origin, issue.minimum);
    case "too_big":
      return bound("at most", issue.origin, issue.maximum);
    default:
      return undefined;
  }
}

function bound(how: "at least" | "at most", origin: string, limit: number | bigint): string {
  if (origin === "string") return limit === 1 ? "must not be empty" : `must have ${how} ${limit} characters`;
  if (origin === "array" || origin === "set") return `must have ${how} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return `must be ${how} ${limit}`;
}

/** zod's issues as paths and rules; `prefix` is put before each path. */
export function fieldErrors({ issues }: { issues: readonly Issue[] }, prefix: readonly string[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...prefix, ...issue.path.map(String)];
    // An unknown key is named itself, so that a form can point at it.
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "is not known here" }));
    }
    // A name that is too long is not repeated: the field that holds it is named instead.
    if (issue.code === "invalid_key") {
      const at = path.slice(0, -1).join(".");
      return issue.issues.map(({ message }) => ({ path: at, message: `has a name that ${message}` }));
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) return fieldErrors({ issues: meant(issue) }, path);
    return [{ path: path.join("."), message: issue.message }];
  });
}

/** One sentence for the fields, which begins with the first one's name; `untold`: how many more there are than these. */
export function fieldsMessage([first, ...others]: readonly FieldError[], untold = 0): string {
  if (first === undefined) return "The input does not fit.";
  const count = others.length + untold;
  const more = count === 0 ? "" : ` (and ${count} more)`;
  return `${first.path === "" ? "The input" : first.path} ${first.message}${more}.`;
}

/** The issues of the branch that the caller came closest to; if no branch takes a value of this type, one that says what all of them take. */
function meant(union: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] {
  const branches = union.errors.map((issues) => issues.flatMap((one) => (isNested(one) ? meant(one) : [one])));
  const isOfType = (issues: readonly Issue[]) => !issues.some((one) => one.code === "invalid_type" && isOfWhole(one));
  const [closest, next] = branches
    .filter(isOfType)
    .sort((a, b) => misfits(a).length - misfits(b).length || a.length - b.length);
  // Two branches that each break one rule of the whole value are equally close.
  if (closest !== undefined && !(isRule(closest) && next !== undefined && isRule(next))) return closest;
  const told = closest === undefined ? branches : branches.filter(isOfType);
  const wanted = [...new Set(told.flat().map(({ message }) => message.replace(/^must be /, "")))];
  const isMissing = wanted.includes("is required");
  const message = isMissing ? "is required" : `must be ${wanted.join(" or ")}`;
  return [{ code: "invalid_type", expected: "unknown", path: [], message }];
}

/** What says that another shape was meant: names that it has not, and those it has and that are missing. */
const misfits = (issues: readonly Issue[]): readonly Issue[] =>
  issues.filter(
    ({ code, path, message }) =>
      (code === "unrecognized_keys" && path.length === 0) || (path.length === 1 && message === "is required"),
  );

const isRule = (issues: readonly Issue[]): boolean => issues.length === 1 && issues.every(isOfWhole);
const isOfWhole = ({ path }: Issue): boolean => path.length === 0;
const isNested = (issue: Issue): issue is Extract<Issue, { code: "invalid_union" }> =>
  issue.code === "invalid_union" && isOfWhole(issue) && issue.errors.length > 0;
