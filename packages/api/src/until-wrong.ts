import type { z } from "zod";

/** A refusal names so many fields, which is more than a form has; its message says how many more were found. */
export const MAX_FIELDS = 100;

/** Values up to this many are all looked at: wrong or not, they cost a few milliseconds. */
const FEW = 1000;

/**
 * The same schema of a list or record, by which no more entries are looked at once as many are wrong as a refusal names: to say
 * of each of ten thousand what is wrong with it takes a second. What is derived from it afterwards by a rule loses that.
 */
export function untilWrong<Schema extends z.ZodArray | z.ZodRecord>(schema: Schema): Schema {
  const bounded = schema.clone() as Schema;
  // Around `run`, as zod's own bound of a list is: with `preprocess` the document would say that the value may be left out.
  bounded._zod.run = (payload, context) => {
    const { value } = payload;
    return schema._zod.run(
      hasMoreValues(value, FEW) ? { ...payload, value: upToWrong(schema, value) } : payload,
      context,
    );
  };
  return bounded;
}

/** Whether a JSON value has more than `most` values in it, at any depth. */
export function hasMoreValues(given: unknown, most: number): boolean {
  let values = 0;
  const left = [given];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const inner = Object.values(next);
    values += inner.length;
    if (values > most) return true;
    for (const value of inner) if (typeof value === "object" && value !== null) left.push(value);
  }
  return false;
}

/** Each entry is looked at in a list or record of its own, so that the schema's other rules hold. */
function upToWrong(schema: z.ZodType, given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  const kept: [string, unknown][] = [];
  let wrong = 0;
  for (const [name, value] of Object.entries(given)) {
    if (wrong >= MAX_FIELDS) break;
    kept.push([name, value]);
    wrong += schema.safeParse(Array.isArray(given) ? [value] : { [name]: value }).error?.issues.length ?? 0;
  }
  return Array.isArray(given) ? kept.map(([, value]) => value) : Object.fromEntries(kept);
}
