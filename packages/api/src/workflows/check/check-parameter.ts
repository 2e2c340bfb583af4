import {
  type Choice,
  closestTo,
  type Finding,
  inputsSchemaFor,
  mediaOfKind,
  type NodeInput,
  type Parameter,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import { listed } from "../../words.ts";
import { type At, isAmong, rangeOf } from "./check-value.ts";
import { finding, unsafe } from "./finding.ts";

/** What is wrong with a parameter whatever it sets. */
export function checkParameter(parameter: Parameter, { parameters, bindings }: WorkflowDefinition): Finding[] {
  const { name, label } = parameter;
  const subject = { parameter: name };
  if (parameters.find((other) => other.name === name) !== parameter) {
    return [finding("PARAMETER_DUPLICATE", `Two inputs are called ${name}. Rename one of them.`, subject)];
  }
  const condition = conditionProblem(parameter, parameters);
  if (condition !== null) return [finding("PARAMETER_CONDITION", `${label} ${condition}`, subject)];
  if (!bindings.some((binding) => binding.parameter === name)) {
    const message = `${label} sets nothing in the graph. Remove it, or bind it to a node's input.`;
    return [finding("PARAMETER_UNBOUND", message, { ...subject, severity: "warning" })];
  }
  if ("min" in parameter && parameter.min > parameter.max) {
    const message = `${label} has a minimum of ${parameter.min} above its maximum of ${parameter.max}.`;
    return [finding("PARAMETER_RANGE", message, subject)];
  }
  const fallback = "default" in parameter ? parameter.default : undefined;
  if (fallback === undefined) return [];
  const { when: _, ...bare } = parameter;
  const parsed = inputsSchemaFor([bare]).safeParse({ [name]: fallback });
  if (parsed.success) return [];
  const message = `The default of ${label} does not fit it: ${parsed.error.issues[0]?.message ?? String(fallback)}.`;
  return [finding("PARAMETER_DEFAULT", message, subject)];
}

/** Why the condition of a parameter can never be met, behind its label; null if it can. */
function conditionProblem({ when }: Parameter, parameters: readonly Parameter[]): string | null {
  if (when === undefined) return null;
  const holder = parameters.find(({ name }) => name === when.parameter);
  if (holder?.kind !== "choice") {
    return `depends on ${when.parameter}, which is no choice of this form. Ask for that, or let this always exist.`;
  }
  const unknown = when.is.filter((option) => !holder.choices.includes(option));
  if (unknown.length > 0) {
    return `depends on ${holder.name} being ${listed(unknown.map(String))}, which it does not offer.`;
  }
  return waitsForItself(holder, parameters) ? `depends on ${holder.name}, which depends on itself in the end.` : null;
}

/** @param among those that it has not come by yet */
function waitsForItself({ when }: Parameter, among: readonly Parameter[]): boolean {
  if (when === undefined) return false;
  const holder = among.find(({ name }) => name === when.parameter);
  return (
    holder === undefined ||
    waitsForItself(
      holder,
      among.filter((other) => other !== holder),
    )
  );
}

/** The kinds of parameter that may set an input of each of ComfyUI's plain types. */
const kindsOf: Readonly<Record<string, readonly Parameter["kind"][]>> = {
  INT: ["integer", "seed"],
  FLOAT: ["number", "integer", "seed"],
  STRING: ["text", "choice", "model", "integer", "number", "seed"],
  BOOLEAN: ["boolean"],
  COMBO: ["choice", "model"],
};

/** Whether everything the parameter lets through is right for the input, so that no valid job is refused by ComfyUI. */
export function checkParameterFits(
  parameter: Parameter,
  facts: { input: NodeInput | undefined; allowed: readonly Choice[] | null; subject: At },
): Finding | null {
  const { input, allowed, subject } = facts;
  const at = { ...subject, parameter: parameter.name };
  const isFile = mediaOfKind(parameter.kind) !== null;
  if (input?.upload === true && !isFile) return unsafe(parameter, at);
  if (input !== undefined && input.upload !== true && !/^COMFY_|^\*$/.test(input.type)) {
    const kinds = input.type.split(",").flatMap((type) => kindsOf[type.trim()] ?? []);
    if (isFile ? input.type !== "STRING" : !kinds.includes(parameter.kind)) {
      const message = `${parameter.label} is of kind ${parameter.kind}, and ${subject.field} takes ${input.type}.`;
      return finding("PARAMETER_TYPE", message, at);
    }
  }
  if (parameter.kind === "choice" && allowed !== null) {
    const unknown = parameter.choices.filter((choice) => !isAmong(choice, allowed));
    if (unknown.length === 0) return null;
    const closest = closestTo(String(unknown[0]), allowed.map(String));
    const message = `${parameter.label} offers ${listed(unknown.map(String))}, which ${subject.field} does not take here.`;
    return finding("PARAMETER_BOUNDS", message, { ...at, closest });
  }
  if (input === undefined || !("min" in parameter)) return null;
  const isLow = input.min !== undefined && parameter.min < input.min;
  const isHigh = input.max !== undefined && parameter.max > input.max;
  if (!isLow && !isHigh) return null;
  const message = `${parameter.label} goes from ${parameter.min} to ${parameter.max}; ${subject.field} takes ${rangeOf(input)}. Narrow it, or jobs will be refused.`;
  return finding("PARAMETER_BOUNDS", message, at);
}
