import { type InputValues, inputsSchemaFor, type Parameter } from "@darkroom/contracts";
import type { ZodType } from "zod";

/** A kept schema takes about 100 KB, and few workflows are in use at a time. */
const KEPT = 100;

const kept = new Map<string, ZodType<InputValues>>();

/**
 * The schema of the inputs for these parameters, built once for as long as it is used: building it is a sixth of what a submit costs.
 * Kept by the parameters' own text and not by the workflow's version, because the defaults of models are those that are installed
 * now.
 */
export function keptInputsSchema(parameters: readonly Parameter[]): ZodType<InputValues> {
  const key = JSON.stringify(parameters);
  const schema = kept.get(key) ?? inputsSchemaFor(parameters);
  // Put at the end again, so that the first one is the one that was not used for longest.
  kept.delete(key);
  kept.set(key, schema);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return schema;
}
