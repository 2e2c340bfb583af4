import type { InputValue, InputValues } from "@darkroom/contracts";
import { inSentence, t } from "../../../language/say.ts";
import { drawSeed, type FormParameter, problemOfValue } from "../draft.ts";
import { MAX_PICTURES, type SweepPlan } from "../sweep-plan.ts";

/** Files are not swept: they have no values to write down. What only some options bring has none either. */
export function sweptParameters(parameters: readonly FormParameter[]): FormParameter[] {
  const kinds = ["text", "integer", "number", "seed", "choice", "model", "boolean"];
  return parameters.filter(({ kind, when }) => kinds.includes(kind) && when === undefined);
}

/** The values that a parameter is chosen from; undefined: they are written. */
export function choicesToSweep(parameter: FormParameter): readonly InputValue[] | undefined {
  if (parameter.kind === "boolean") return [true, false];
  return parameter.choices !== undefined && parameter.choices.length > 0 ? parameter.choices : undefined;
}

const RANGE = /^(-?[\d.]+)\.\.(-?[\d.]+)(?:\/([\d.]+))?$/;

/** `2..8/2` as 2, 4, 6, 8; null if it is no range. Stops one beyond what a batch may have, which is then said. */
function rangeOf(text: string, step: number): number[] | null {
  const [, from, to, by] = RANGE.exec(text)?.map(Number) ?? [];
  if (from === undefined || to === undefined) return null;
  const width = by === undefined || Number.isNaN(by) ? step : by;
  if (!(width > 0) || !(to >= from)) return null;
  const length = Math.min(Math.floor((to - from) / width + 1e-9) + 1, MAX_PICTURES + 1);
  // A sum of tenths is no multiple of a tenth: 0.1 + 0.2 is not 0.3.
  return Array.from({ length }, (_, nth) => Number((from + nth * width).toPrecision(12)));
}

/** The values of an axis, each once, or what is wrong with them. Numbers stand between commas or blanks, all else on lines. */
export function valuesOfAxis(
  parameter: FormParameter,
  text: string,
): { readonly values: readonly InputValue[]; readonly problem: string | null } {
  const isNumber = parameter.kind === "integer" || parameter.kind === "number" || parameter.kind === "seed";
  const parts = (isNumber ? text.split(/[\s,;]+/) : text.split("\n")).map((part) => part.trim()).filter(Boolean);
  const step = "step" in parameter ? (parameter.step ?? (parameter.kind === "number" ? 0.1 : 1)) : 1;
  const choices = choicesToSweep(parameter);
  const values = parts.flatMap((part): InputValue[] => {
    if (choices !== undefined) return [choices.find((choice) => String(choice) === part) ?? part];
    return isNumber ? (rangeOf(part, step) ?? [Number(part)]) : [part];
  });
  const wrong = values.map((value) => problemOfValue(parameter, value)).find((problem) => problem !== null);
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return { values: [], problem: t`Give ${inSentence(parameter.label)} two values or more.` };
  return { values: distinct, problem: wrong ?? null };
}

export interface Expanded {
  /** One per job, the second axis changing fastest. */
  readonly jobs: readonly InputValues[];
  /** How they come about, as `3 × 4`; null for a single picture. */
  readonly formula: string | null;
  readonly problem: string | null;
}

/**
 * The jobs of a form. Seeds follow each other from the form's, or from one that is drawn here, and every combination of the
 * axes gets the same ones: what differs between two of them then comes from the axes alone. `draw` gives a number in [0, 1).
 */
export function expand(
  parameters: readonly FormParameter[],
  inputs: InputValues,
  plan: SweepPlan,
  draw: () => number = Math.random,
): Expanded {
  const axes = plan.axes.flatMap(({ name, text }) => {
    const parameter = sweptParameters(parameters).find((one) => one.name === name);
    return parameter === undefined ? [] : [{ parameter, ...valuesOfAxis(parameter, text) }];
  });
  const seed = parameters.find((parameter) => parameter.kind === "seed");
  const sweepsSeed = axes.some(({ parameter }) => parameter.kind === "seed");
  const count = sweepsSeed || seed === undefined ? 1 : plan.count;
  const factors = [...axes.map(({ values }) => values.length), ...(count > 1 ? [count] : [])];
  const total = factors.reduce((product, factor) => product * factor, 1);
  const formula = factors.length === 0 ? null : factors.join(" × ");
  const problem =
    axes.find((axis) => axis.problem !== null)?.problem ??
    (total > MAX_PICTURES
      ? t`That would be ${total} pictures; ${MAX_PICTURES} at most can be asked for at once.`
      : null);
  if (problem !== null) return { jobs: [], formula, problem };

  if (formula === null) return { jobs: [inputs], formula, problem };
  const seeds = seed === undefined || sweepsSeed ? [{}] : seedsOf(seed, inputs[seed.name], { count, draw });
  const combinations = axes.reduce<InputValues[]>(
    (rows, { parameter, values }) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [parameter.name]: value }))),
    [{}],
  );
  const jobs = combinations.flatMap((swept) => seeds.map((drawn) => ({ ...inputs, ...drawn, ...swept })));
  return { jobs, formula, problem: null };
}

function seedsOf(
  { name, min, max }: { name: string; min: number; max: number },
  given: InputValue | undefined,
  { count, draw }: { count: number; draw: () => number },
): InputValues[] {
  const first = typeof given === "number" ? given : drawSeed({ min, max }, draw);
  return Array.from({ length: count }, (_, nth) => ({ [name]: min + ((first - min + nth) % (max - min + 1)) }));
}
