import type { z } from "zod";

/**
 * An input without the nulls that its schema refuses, so that an optional field that is null is one that was left out. Many programs
 * write every field that they know. A required one is missing then; a null that a schema takes stays, since it means something. An input that is null as a whole is none.
 */
export async function withoutNulls(schema: z.ZodType, input: unknown): Promise<unknown> {
  if (input === null) return undefined;
  if (!JSON.stringify(input)?.includes("null")) return input;
  const { error } = await schema.safeParseAsync(input);
  const nulls = (error?.issues.flatMap(pathsOf) ?? []).filter((path) => at(input, path) === null);
  const left = structuredClone(input);
  for (const path of nulls) {
    const parent = at(left, path.slice(0, -1));
    if (typeof parent === "object" && parent !== null && !Array.isArray(parent))
      Reflect.deleteProperty(parent, path.at(-1) ?? "");
  }
  return left;
}

type Path = readonly PropertyKey[];

/** Where something is wrong; of a union, where it is in any of its variants. */
function pathsOf(issue: z.core.$ZodIssue): Path[] {
  if (issue.code !== "invalid_union") return [issue.path];
  return issue.errors.flatMap((issues) => issues.flatMap(pathsOf)).map((path) => [...issue.path, ...path]);
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
