import {
  appliesWith,
  type Choice,
  choiceFor,
  type InputValue,
  type InputValues,
  isImageInput,
  type Parameter,
} from "@darkroom/contracts";
import { inSentence, t } from "../../language/say.ts";
import { locale } from "../../language/spoken.ts";

/** A parameter as the form gets it: a model's choices are those of the live backends. */
export type FormParameter = Parameter & { readonly choices?: readonly Choice[] };

/** What the form holds. An absent seed means: draw one each time. */
export type FormValues = Readonly<Record<string, InputValue | undefined>>;

/** The value a parameter begins with. */
function initialValue(parameter: FormParameter): InputValue | undefined {
  const fallback = "default" in parameter ? parameter.default : undefined;
  switch (parameter.kind) {
    case "seed":
    case "image":
    case "mask":
    case "video":
    case "audio":
    case "3d":
      return undefined;
    case "text":
      return fallback ?? "";
    case "boolean":
      return fallback ?? false;
    case "model":
    case "choice": {
      const { choices } = parameter;
      if (choices === undefined || choices.length === 0) return fallback;
      return fallback !== undefined && choices.includes(fallback) ? fallback : choices[0];
    }
    default:
      return fallback ?? parameter.min;
  }
}

function fits(parameter: FormParameter, value: unknown): value is InputValue {
  switch (parameter.kind) {
    case "text":
      return typeof value === "string";
    case "model":
    case "choice":
      if (parameter.choices === undefined) return typeof value === "string";
      return parameter.choices.some((choice) => choice === value);
    case "boolean":
      return typeof value === "boolean";
    case "image":
    case "mask":
    case "video":
    case "audio":
    case "3d":
      return isImageInput(value);
    default:
      return typeof value === "number";
  }
}

/** A file that was chosen with the separators of another server, as the form offers it. */
function asOffered({ choices }: FormParameter, value: unknown): unknown {
  return typeof value === "string" && choices !== undefined ? (choiceFor(value, choices) ?? value) : value;
}

/** The form's values: what `stored` has where it still fits the parameters, else what each begins with. */
export function valuesFrom(
  parameters: readonly FormParameter[],
  stored: Readonly<Record<string, unknown>>,
): FormValues {
  return Object.fromEntries(
    parameters.map((parameter) => {
      const value = asOffered(parameter, stored[parameter.name]);
      return [parameter.name, fits(parameter, value) ? value : initialValue(parameter)];
    }),
  );
}

const CARRIED: ReadonlySet<string> = new Set(["prompt", "negativePrompt", "seed", "width", "height", "image"]);

/**
 * What goes along to the form of another workflow: the prompt, the seed, the size and the image, unless they are what this form
 * began with. A size that nobody chose stays behind, because the next workflow's own suits its model better.
 */
export function carriedValues(parameters: readonly FormParameter[], values: FormValues): FormValues {
  const chosen = parameters.filter(
    (parameter) => CARRIED.has(parameter.name) && values[parameter.name] !== initialValue(parameter),
  );
  return Object.fromEntries(chosen.map(({ name }) => [name, values[name]]));
}

/** The parameters that exist with these values. What another option would bring keeps its value until it is back. */
export function shownParameters(parameters: readonly FormParameter[], values: FormValues): FormParameter[] {
  return parameters.filter((parameter) => appliesWith(parameter, parameters, values));
}

/** A job's inputs: the form's values without what was left empty, and without what the chosen options do not bring. */
export function inputsOf(parameters: readonly FormParameter[], values: FormValues): InputValues {
  const inputs: Record<string, InputValue> = {};
  for (const { name } of shownParameters(parameters, values)) {
    const value = values[name];
    if (value !== undefined && value !== "") inputs[name] = value;
  }
  return inputs;
}

function rangeMessage(parameter: { min: number; max: number; step?: number; kind: string }): string {
  const [min, max] = [parameter.min, parameter.max].map((end) =>
    end.toLocaleString(locale(), { useGrouping: false, maximumFractionDigits: 20 }),
  ) as [string, string];
  if (parameter.kind === "number") return t`Choose a number from ${min} to ${max}.`;
  const { step = 1 } = parameter;
  return parameter.kind === "integer" && step > 1
    ? t`Choose a whole number from ${min} to ${max}, in steps of ${step}.`
    : t`Choose a whole number from ${min} to ${max}.`;
}

function messageFor(parameter: FormParameter, value: InputValue | undefined): string {
  const label = inSentence(parameter.label);
  switch (parameter.kind) {
    case "text":
      return value === undefined || value === ""
        ? t`Write a ${label} first.`
        : t`The ${label} is too long: ${parameter.max ?? 4000} characters at most.`;
    case "image":
      return t`Add an image first.`;
    case "mask":
      return t`Add a mask first: white is painted anew, black stays.`;
    case "video":
      return t`Add a video first.`;
    case "audio":
      return t`Add a sound first.`;
    case "3d":
      return t`Add a 3D model first.`;
    case "model":
    case "choice":
      return t`Choose a ${label}.`;
    case "boolean":
      return t`Set ${label}.`;
    default:
      return rangeMessage(parameter);
  }
}

const isBetween = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max;

/**
 * Whether the server takes the value. These are the rules of `inputsSchemaFor`, written again because zod would be a sixth of
 * the studio's JavaScript; a test holds the two together.
 */
function isTaken(parameter: FormParameter, value: InputValue): boolean {
  switch (parameter.kind) {
    case "text":
      return (
        typeof value === "string" &&
        // A character beyond the first 65,536 counts as one, as it does for the server.
        [...value].length <= (parameter.max ?? 4000) &&
        !value.includes("\u0000") &&
        value.isWellFormed()
      );
    case "integer":
      return Number.isSafeInteger(value) && isBetween(Number(value), parameter) && isOnStep(parameter, Number(value));
    case "seed":
      return Number.isSafeInteger(value) && isBetween(Number(value), parameter);
    case "number":
      return Number.isFinite(value) && isBetween(Number(value), parameter);
    case "choice":
      return typeof value === "string"
        ? choiceFor(value, parameter.choices) !== undefined
        : parameter.choices.some((choice) => choice === value);
    case "boolean":
      return typeof value === "boolean";
    case "model":
      return typeof value === "string" && value.length > 0 && [...value].length <= 255;
    case "image":
    case "mask":
    case "video":
    case "audio":
    case "3d":
      return isImageInput(value);
  }
}

const isOnStep = ({ min, step = 1 }: { min: number; step?: number }, value: number): boolean =>
  (value - min) % step === 0;

/** What is wrong with one value, or null. */
export function problemOfValue(parameter: FormParameter, value: InputValue): string | null {
  return isTaken(parameter, value) ? null : messageFor(parameter, value);
}

/** What is wrong with the values, by parameter; empty if they can be sent. */
export function problemsOf(parameters: readonly FormParameter[], values: FormValues): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  const inputs = inputsOf(parameters, values);
  for (const parameter of shownParameters(parameters, values)) {
    const { name } = parameter;
    const value = values[name];
    const isBlank = value === undefined || (typeof value === "string" && value.trim() === "");
    const isNumber = parameter.kind === "integer" || parameter.kind === "number";
    if ((isBlank && parameter.required && parameter.kind !== "seed") || (isNumber && isBlank)) {
      problems[name] = messageFor(parameter, undefined);
    } else if (inputs[name] !== undefined && !isTaken(parameter, inputs[name])) {
      problems[name] = messageFor(parameter, value);
    }
  }
  return problems;
}

/** The server's field errors by parameter; `rest` concerns no field of this form. */
export function fieldProblems(
  parameters: readonly FormParameter[],
  fields: readonly { path: string; message: string }[],
): { problems: Record<string, string>; rest: string[] } {
  const problems: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of fields) {
    const [, name = path] = /^inputs\.([^.]+)/.exec(path) ?? [];
    if (parameters.some((parameter) => parameter.name === name)) problems[name] ??= message;
    else rest.push(`${path}: ${message}`);
  }
  return { problems, rest };
}

/** A seed drawn here, short enough to read aloud. `draw` gives a number in [0, 1). */
export function drawSeed(parameter: { min: number; max: number }, draw: () => number = Math.random): number {
  const max = Math.min(parameter.max, 9_999_999_999);
  return parameter.min + Math.floor(draw() * (max - parameter.min + 1));
}
