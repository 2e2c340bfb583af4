import type { InputValue } from "./input-value.ts";
import type { Choice, Parameter } from "./workflow.ts";

/** Values by parameter, as a caller or a form holds them. */
type GivenValues = Readonly<Record<string, InputValue | undefined>>;

/**
 * Whether a parameter exists with these inputs: it has no condition, or the choice that it depends on exists and is one of
 * those that bring it. A choice that was left out counts as its default.
 */
export function appliesWith(parameter: Parameter, parameters: readonly Parameter[], inputs: GivenValues): boolean {
  const { when } = parameter;
  if (when === undefined) return true;
  // What waits for itself does not exist: each step looks among fewer parameters, so that it ends.
  const others = parameters.filter((other) => other !== parameter);
  const holder = others.find(({ name }) => name === when.parameter);
  if (holder === undefined || !appliesWith(holder, others, inputs)) return false;
  const chosen = chosenOf(holder, inputs);
  return chosen !== undefined && when.is.includes(chosen);
}

/** What a choice is with these inputs; undefined for one that nobody made, and for what is no choice. */
export function chosenOf(holder: Parameter, inputs: GivenValues): Choice | undefined {
  const value = inputs[holder.name] ?? ("default" in holder ? holder.default : undefined);
  return typeof value === "object" ? undefined : value;
}

/**
 * The parameters of a form that has only some of a workflow's. Where a choice is not among them it stays as the graph has
 * it, so that what depends on it always exists.
 */
export function withoutLooseConditions<One extends Parameter>(parameters: readonly One[]): One[] {
  return parameters.map((parameter) => {
    const { when, ...rest } = parameter;
    const isLoose = when !== undefined && !parameters.some(({ name }) => name === when.parameter);
    return isLoose ? (rest as One) : parameter;
  });
}
