import { isDeepStrictEqual } from "node:util";

/** The real thing and the reference say different things. */
export class Disagreement extends Error {
  override readonly name = "Disagreement";
}

/** @throws Disagreement with both sides, said in `names` instead of ids. */
export function agree(what: string, real: unknown, expected: unknown, names: (text: string) => string): void {
  if (isDeepStrictEqual(real, expected)) return;
  throw new Disagreement(
    names(`${what}\n  is       ${differing(real, expected)}\n  expected ${differing(expected, real)}`),
  );
}

/** Of two lists, only the rows that the other has not. */
function differing(value: unknown, other: unknown): string {
  if (!Array.isArray(value) || !Array.isArray(other)) return JSON.stringify(value);
  const rows = value.filter((row) => !other.some((match) => isDeepStrictEqual(row, match)));
  return JSON.stringify(rows.length > 0 ? rows : value);
}
