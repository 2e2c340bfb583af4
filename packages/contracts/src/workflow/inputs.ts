import * as z from "zod";
import { appliesWith, chosenOf } from "./conditions.ts";
import { choiceFor } from "./file-name.ts";
import type { InputValue, InputValues } from "./input-value.ts";
import { imageInputSchema, type Parameter } from "./workflow.ts";

function valueSchema(parameter: Parameter): z.ZodType<InputValue> {
  switch (parameter.kind) {
    case "text":
      return z
        .string()
        .max(parameter.max ?? 4000)
        .refine((text) => !text.includes("\u0000"), "must not contain NUL")
        .refine((text) => text.isWellFormed(), "must be well-formed Unicode");
    case "integer": {
      const base = z.int().min(parameter.min).max(parameter.max);
      const { step, min } = parameter;
      return step === undefined || step === 1
        ? base
        : base.refine((value) => (value - min) % step === 0, `must be ${min} plus a multiple of ${step}`);
    }
    case "seed":
      return z.int().min(parameter.min).max(parameter.max);
    case "number":
      return z.number().min(parameter.min).max(parameter.max);
    case "choice":
      return z.preprocess(
        // A file with the separators of another server is the same choice.
        (value) => (typeof value === "string" ? (choiceFor(value, parameter.choices) ?? value) : value),
        z.literal(parameter.choices),
      );
    case "boolean":
      return z.boolean();
    case "model":
      return z.string().min(1).max(255);
    case "image":
    case "mask":
    case "video":
    case "audio":
    case "3d":
      return imageInputSchema;
  }
}

/**
 * The schema of a job's `inputs` for these parameters. Unknown names are refused, and so is what the chosen option of a
 * choice does not bring; a missing optional value takes its default; a missing seed stays missing (the server draws it,
 * see {@link drawSeeds}). Building it costs many times as much as one use of it, so keep it where it is used again.
 */
export function inputsSchemaFor(parameters: readonly Parameter[]): z.ZodType<InputValues> {
  // Without conditions the fields are the same whatever is given.
  const isFixed = parameters.every(({ when }) => when === undefined);
  const fixed = isFixed ? schemaWith(parameters, {}) : null;
  return z.unknown().transform((given, context): InputValues => {
    const inputs = typeof given === "object" && given !== null ? (given as InputValues) : {};
    const parsed = (fixed ?? schemaWith(parameters, inputs)).safeParse(given);
    if (parsed.success) return parsed.data as InputValues;
    // The schema's own issues are passed on whole: their codes and keys say which field is unknown.
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

/** The schema of inputs with these choices: which fields there are depends on them. */
function schemaWith(parameters: readonly Parameter[], inputs: InputValues): z.ZodType {
  const shape: Record<string, z.ZodType> = {};
  for (const parameter of parameters) {
    const { name, required, kind } = parameter;
    const value = valueSchema(parameter);
    const fallback = "default" in parameter ? parameter.default : undefined;
    if (!appliesWith(parameter, parameters, inputs)) {
      shape[name] = z.never({ error: notOfTheOption(parameter, parameters, inputs) }).optional();
    } else if (fallback !== undefined && kind !== "seed") shape[name] = value.default(fallback);
    else shape[name] = required && kind !== "seed" ? value : value.optional();
  }
  return z.strictObject(shape);
}

function notOfTheOption({ when }: Parameter, parameters: readonly Parameter[], inputs: InputValues): string {
  const holder = parameters.find(({ name }) => name === when?.parameter);
  if (when === undefined || holder === undefined) return "does not exist in this workflow";
  const wanted = when.is.map((option) => `“${option}”`).join(" or ");
  const chosen = appliesWith(holder, parameters, inputs) ? chosenOf(holder, inputs) : undefined;
  const now = chosen === undefined ? "it is not chosen" : `it is “${chosen}”`;
  return `exists only where ${holder.name} is ${wanted}, and ${now}: leave it out, or choose that`;
}

/** `inputs` with a number for every seed that was left out. `draw` gives a number in [0, 1). */
export function drawSeeds(parameters: readonly Parameter[], inputs: InputValues, draw: () => number): InputValues {
  const drawn: Record<string, InputValue> = { ...inputs };
  for (const parameter of parameters) {
    if (parameter.kind !== "seed" || drawn[parameter.name] !== undefined) continue;
    if (!appliesWith(parameter, parameters, inputs)) continue;
    // Ten digits are enough to never repeat by chance and short enough to read aloud.
    const max = Math.min(parameter.max, 9_999_999_999);
    drawn[parameter.name] = parameter.min + Math.floor(draw() * (max - parameter.min + 1));
  }
  return drawn;
}

/** The job's seed: the value of its first seed parameter that has one; null if none has. */
export function seedOf(parameters: readonly Parameter[], inputs: InputValues): number | null {
  const parameter = parameters.find(({ kind, name }) => kind === "seed" && inputs[name] !== undefined);
  const value = parameter === undefined ? undefined : inputs[parameter.name];
  return typeof value === "number" ? value : null;
}
