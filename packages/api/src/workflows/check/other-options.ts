import type { Choice, Finding, InputValues, Parameter, WorkflowDefinition } from "@darkroom/contracts";

/** A choice that brings inputs, made in another way than by default. */
interface OtherOption {
  readonly holder: Parameter;
  readonly option: Choice;
  readonly values: InputValues;
}

/**
 * The defaults with every other option of every choice that brings inputs, one choice at a time: each option has inputs and
 * bounds of its own, which the default does not show.
 */
export function otherOptions(parameters: readonly Parameter[], defaults: InputValues): OtherOption[] {
  return parameters.flatMap((holder): OtherOption[] => {
    if (holder.kind !== "choice" || !parameters.some(({ when }) => when?.parameter === holder.name)) return [];
    const reached = reaching(holder, parameters, defaults);
    return holder.choices
      .filter((option) => option !== defaults[holder.name])
      .map((option) => ({ holder, option, values: { ...reached, [holder.name]: option } }));
  });
}

/** The values with which a parameter exists. */
function reaching({ when }: Parameter, parameters: readonly Parameter[], values: InputValues): InputValues {
  const holder = parameters.find(({ name }) => name === when?.parameter);
  if (when === undefined || holder === undefined) return values;
  const others = parameters.filter((other) => other !== holder);
  const [option] = when.is;
  const chosen = values[holder.name];
  const isThere = when.is.some((one) => one === chosen);
  return reaching(holder, others, isThere || option === undefined ? values : { ...values, [holder.name]: option });
}

/** What is found of the nodes that the choice sets, with the option in words. The rest is no other than with the default. */
export function ofOption(
  findings: readonly Finding[],
  { definition, holder, option }: { definition: WorkflowDefinition } & Omit<OtherOption, "values">,
): Finding[] {
  const nodes = new Set(
    definition.bindings.filter(({ parameter }) => parameter === holder.name).map(({ node }) => node),
  );
  return findings
    .filter(({ nodeId, severity }) => nodeId !== null && nodes.has(nodeId) && severity !== "note")
    .map((one) => ({ ...one, message: `With ${holder.label} “${option}”: ${one.message}` }));
}
