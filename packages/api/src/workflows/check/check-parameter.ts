import { type Choice, closestTo, type Finding, mediaOfKind, type NodeInput, type Parameter } from "@darkroom/contracts";
import { type At, isAmong, rangeOf } from "./check-value.ts";
import { finding, listed, unsafe } from "./finding.ts";

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
