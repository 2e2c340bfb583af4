import type { FieldError } from "./error.ts";

/** Deeper than any input of ours; recursive readers further on must not run out of stack. */
const MAX_DEPTH = 100;

/**
 * The first place in a value, as it came from JSON, that could not be stored as it is: text with NUL, which Postgres
 * refuses, or with half of a surrogate pair, which would be stored as another character; keys of objects too, and of these
 * `__proto__`, which whatever copies an object leaves out. Null if there is none. Paths are those of the value, joined with dots.
 */
export function unstorableField(value: unknown): FieldError | null {
  // A list of what is left instead of recursion: a body of 1 MiB can nest half a million arrays.
  const left: { value: unknown; path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value: at, path } = next;
    const message = typeof at === "string" ? textFault(at) : path.length > MAX_DEPTH ? "is nested too deeply" : null;
    if (message !== null) return { path: path.slice(0, 10).join("."), message };
    if (typeof at !== "object" || at === null) continue;
    for (const [key, inner] of Object.entries(at)) {
      const fault = nameFault(key);
      if (fault !== null) return { path: path.join("."), message: `has a name that ${fault}` };
      left.push({ value: inner, path: [...path, key] });
    }
  }
  return null;
}

function nameFault(name: string): string | null {
  return name === "__proto__" ? "must not be __proto__" : textFault(name);
}

/** Whether a text can be stored as it is. */
export const isStorable = (text: string): boolean => textFault(text) === null;

function textFault(text: string): string | null {
  if (text.includes("\u0000")) return "must not contain NUL";
  return text.isWellFormed() ? null : "must be well-formed Unicode";
}
