import { z } from "zod";
import { untilWrong } from "./until-wrong.ts";

/**
 * An object of whatever a service wants to keep, of so many characters as JSON. A number that JavaScript has already read as
 * another one is refused: ids of other systems are often whole numbers beyond 2^53.
 */
export function freeJson(maxLength: number) {
  return untilWrong(
    z
      .record(z.string().max(64), z.unknown())
      .refine((value) => JSON.stringify(value).length <= maxLength, `must have at most ${maxLength} characters as JSON`)
      .superRefine((value, context) => {
        const path = inexactPath(value);
        if (path !== null) context.addIssue({ code: "custom", path, message: INEXACT });
      }),
  );
}

const INEXACT = "must be a number that is kept exactly, below 2^53: send a larger one as a text";

/** Where the first number stands that is none of those that are written as they were read; null if there is none. */
function inexactPath(value: unknown, path: readonly string[] = []): string[] | null {
  // A number too large for JavaScript's is infinite here, and would be stored as null.
  if (typeof value === "number") return Math.abs(value) > Number.MAX_SAFE_INTEGER ? [...path] : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = inexactPath(inner, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}
