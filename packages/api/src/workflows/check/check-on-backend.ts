import {
  type Choice,
  choiceFor,
  closestTo,
  type Finding,
  type Graph,
  type GraphNode,
  isExactInteger,
  isModelFile,
  type NodeFacts,
  type NodeInput,
  type Parameter,
  plainFileName,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { linksOf, upstreamOf } from "../graph/links.ts";
import { finding, listed, unsafe } from "./finding.ts";

/** A graph as it would be sent. */
export interface PlannedGraph {
  readonly graph: Graph;
  readonly outputs: readonly string[];
  /** `node.input` of what a caller gives later, so that nothing can be said of its value yet. */
  readonly later: ReadonlySet<string>;
  /** The parameters that set each `node.input`. */
  readonly setBy: ReadonlyMap<string, Parameter>;
}

/**
 * What ComfyUI on this backend would refuse, by its own rules (`validate_inputs` of its `execution.py`), and what a
 * parameter allows that it would not. Of a backend that has not told of its nodes' inputs, only missing nodes and models.
 */
export function checkOnBackend(plan: PlannedGraph, { catalog, info }: DescribedBackend): Finding[] {
  const { graph, outputs } = plan;
  const found: Finding[] = [];
  const runs = upstreamOf(graph, [
    ...outputs,
    ...Object.keys(graph).filter((nodeId) => info?.[graph[nodeId]?.class_type ?? ""]?.outputNode === true),
  ]);
  for (const [nodeId, node] of Object.entries(graph)) {
    const choices = catalog[node.class_type];
    // ComfyUI refuses an unknown class even where nothing depends on it.
    if (choices === undefined) {
      found.push(missingNode(graph, nodeId, node.class_type, Object.keys(catalog)));
      continue;
    }
    if (!runs.has(nodeId)) {
      if (info !== null) found.push(neverRuns(graph, nodeId));
      continue;
    }
    const facts = info?.[node.class_type] ?? null;
    found.push(...checkValues(plan, nodeId, node, choices, facts));
    if (facts === null) continue;
    found.push(...checkPresence(plan, nodeId, node, facts));
    found.push(...checkLinkTypes(plan, nodeId, node, facts, info ?? {}));
    found.push(...checkRole(plan, nodeId, facts));
  }
  return found;
}

function missingNode(graph: Graph, nodeId: string, classType: string, known: readonly string[]): Finding {
  const closest = closestTo(classType, known).slice(0, 3);
  const message = `The node ${classType} is not installed. Install the custom node pack it comes from on the server (ComfyUI-Manager names it), or replace it.`;
  return finding("NODE_MISSING", message, { graph, nodeId, closest });
}

function neverRuns(graph: Graph, nodeId: string): Finding {
  const message = "No output depends on this node, so it never runs.";
  return finding("NODE_UNUSED", message, { graph, nodeId, severity: "note" });
}

function checkValues(
  plan: PlannedGraph,
  nodeId: string,
  node: GraphNode,
  choices: Readonly<Record<string, readonly string[] | null>>,
  facts: NodeFacts | null,
): Finding[] {
  const { graph, later, setBy } = plan;
  return Object.entries(node.inputs).flatMap(([field, value]): Finding[] => {
    const subject = { graph, nodeId, field };
    const input = facts?.inputs[field];
    const parameter = setBy.get(`${nodeId}.${field}`);
    const allowed: readonly Choice[] | null = input?.choices ?? choices[field] ?? null;
    if (parameter !== undefined) {
      if (facts !== null && input === undefined && !field.includes(".")) {
        const message = `${parameter.label} sets ${field}, which the node ${node.class_type} does not have here.`;
        return [finding("INPUT_UNKNOWN", message, { ...subject, parameter: parameter.name, severity: "warning" })];
      }
      const unfit = checkParameterFits(parameter, { input, allowed, subject });
      if (unfit !== null) return [unfit];
    }
    // A list is a link, or a broken one: those are looked at elsewhere.
    if (later.has(`${nodeId}.${field}`) || Array.isArray(value)) return [];
    if (allowed !== null && !isAmong(value, allowed)) return [missingChoice(value, allowed, subject)];
    if (input === undefined) return [];
    return checkValue(value, input, subject);
  });
}

type At = { readonly graph: Graph; readonly nodeId: string; readonly field: string };

/**
 * Python's `in`: a number is a choice whatever its notation, and `True` is 1; a text is no number. A file may have the separators of
 * another server: it is sent with those of this one.
 */
function isAmong(value: unknown, allowed: readonly Choice[]): boolean {
  if (typeof value === "string") return choiceFor(value, allowed) !== undefined;
  const plain = (one: unknown): unknown => (typeof one === "boolean" ? Number(one) : one);
  return allowed.some((choice) => plain(choice) === plain(value));
}

function missingChoice(given: unknown, allowed: readonly Choice[], subject: At): Finding {
  const value = String(given);
  const closest = closestTo(
    value,
    allowed.map((choice) => plainFileName(String(choice))),
  );
  const instead = closest.length === 0 ? "The server has none at all." : `The closest it has: ${listed(closest)}.`;
  const at = { ...subject, closest };
  return isModelFile(value)
    ? finding("MODEL_MISSING", `The model “${value}” is not installed. ${instead}`, at)
    : finding("CHOICE_MISSING", `${shown(given)} is no choice of ${subject.field}. ${instead}`, at);
}

/** A value for people: a text in quotes, so that it is told from the number it may look like. */
function shown(value: unknown): string {
  if (typeof value === "string") return `“${value}”`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** What only a link can carry: ComfyUI lets a plain value pass and fails when the node runs. */
const linkedTypes: ReadonlySet<string> = new Set([
  ...["MODEL", "CLIP", "VAE", "CONDITIONING", "LATENT", "IMAGE", "MASK", "AUDIO", "VIDEO"],
  ...["CONTROL_NET", "CLIP_VISION", "CLIP_VISION_OUTPUT", "STYLE_MODEL", "GLIGEN", "UPSCALE_MODEL"],
  ...["NOISE", "SAMPLER", "SIGMAS", "GUIDER"],
]);

/** A plain value against its input, as ComfyUI converts and compares it. */
function checkValue(value: unknown, input: NodeInput, subject: At): Finding[] {
  const { field } = subject;
  if (linkedTypes.has(input.type)) {
    const message = `The input ${field} takes ${input.type} from another node, and holds ${shown(value)}. Reconnect it in ComfyUI and export again.`;
    return [finding("LINK_TYPE", message, subject)];
  }
  if (input.type === "STRING" && typeof value === "object" && !isExactInteger(value)) {
    const message = `${field} is ${shown(value)}, which ComfyUI turns into a text (“None” for null). Give it a text.`;
    return [finding("VALUE_WRONG_TYPE", message, { ...subject, severity: "warning" })];
  }
  if (input.type === "BOOLEAN" && typeof value === "string" && value !== "") {
    const message = `${field} is the text ${shown(value)}, which ComfyUI takes for true. Give it true or false.`;
    return [finding("VALUE_WRONG_TYPE", message, { ...subject, severity: "warning" })];
  }
  return input.type === "INT" || input.type === "FLOAT"
    ? checkNumber(value, { ...input, type: input.type }, subject)
    : [];
}

function checkNumber(value: unknown, input: NodeInput & { type: "INT" | "FLOAT" }, subject: At): Finding[] {
  const number = asNumber(value, input.type);
  const kind = input.type === "INT" ? "a whole number" : "a number";
  if (number === null) {
    const message = `${subject.field} must be ${kind}, and is ${shown(value)}.`;
    return [finding("VALUE_WRONG_TYPE", message, subject)];
  }
  const isLow = input.min !== undefined && number < input.min;
  if (!isLow && !(input.max !== undefined && isAbove(value, number, input.max))) return [];
  const given = isExactInteger(value) ? value.$integer : number;
  const message = `${subject.field} is ${given}; this node takes ${rangeOf(input)}.`;
  return [finding("VALUE_OUT_OF_BOUNDS", message, subject)];
}

/** A seed's bound is 2^64 − 1 in `/object_info`, of which JavaScript makes 2^64. */
const ROUNDED_MAX_SEED = 2 ** 64;

/** Whether a value, which is about `number`, is beyond its bound: by its digits where JavaScript rounds both. */
function isAbove(value: unknown, number: number, max: number): boolean {
  if (max !== ROUNDED_MAX_SEED) return number > max;
  const digits = isExactInteger(value) ? value.$integer : typeof value === "string" ? value.trim() : null;
  return digits !== null && /^[+-]?\d+$/.test(digits) ? BigInt(digits.replace("+", "")) >= 2n ** 64n : number >= max;
}

/** As Python's `int` and `float` read a value; null if they refuse it. */
function asNumber(value: unknown, type: "INT" | "FLOAT"): number | null {
  if (isExactInteger(value)) return Number(value.$integer);
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return type === "INT" ? Math.trunc(value) : value;
  const pattern = type === "INT" ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  return typeof value === "string" && pattern.test(value) ? Number(value) : null;
}

function rangeOf({ min, max }: { readonly min?: number; readonly max?: number }): string {
  const most = max === ROUNDED_MAX_SEED ? "18446744073709551615" : max;
  if (min === undefined) return `${most} at most`;
  return most === undefined ? `${min} at least` : `${min} to ${most}`;
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
function checkParameterFits(
  parameter: Parameter,
  facts: { input: NodeInput | undefined; allowed: readonly Choice[] | null; subject: At },
): Finding | null {
  const { input, allowed, subject } = facts;
  const at = { ...subject, parameter: parameter.name };
  const isPicture = parameter.kind === "image" || parameter.kind === "mask";
  if (input?.upload === true && !isPicture) return unsafe(parameter, at);
  if (input !== undefined && input.upload !== true && !/^COMFY_|^\*$/.test(input.type)) {
    const kinds = kindsOf[input.type] ?? [];
    if (isPicture ? input.type !== "STRING" : !kinds.includes(parameter.kind)) {
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

function checkPresence({ graph, setBy }: PlannedGraph, nodeId: string, node: GraphNode, facts: NodeFacts): Finding[] {
  return (
    Object.entries(facts.inputs)
      .filter(
        ([field, input]) => input.required && node.inputs[field] === undefined && !setBy.has(`${nodeId}.${field}`),
      )
      // Inputs of the newer kinds are spread over several names (`images.image0`).
      .filter(([, input]) => !input.type.startsWith("COMFY_"))
      .map(([field, input]) => {
        const message = `The input ${field} (${input.type}) is neither set nor linked. Connect it in ComfyUI and export again.`;
        return finding("INPUT_MISSING", message, { graph, nodeId, field });
      })
  );
}

function checkLinkTypes(
  { graph }: PlannedGraph,
  nodeId: string,
  node: GraphNode,
  facts: NodeFacts,
  info: Readonly<Record<string, NodeFacts>>,
): Finding[] {
  return linksOf(node).flatMap(([field, { from, slot }]): Finding[] => {
    const source = graph[from];
    const outputs = source === undefined ? undefined : info[source.class_type]?.outputs;
    if (source === undefined || outputs === undefined) return [];
    const subject = { graph, nodeId, field };
    const given = outputs[slot];
    if (given === undefined) {
      const message = `The input ${field} is linked to output ${slot + 1} of ${source.class_type}, which has ${outputs.length}. The node has changed since: reconnect it in ComfyUI.`;
      return [finding("LINK_TYPE", message, subject)];
    }
    const wanted = facts.inputs[field]?.type;
    if (wanted === undefined || areCompatible(given, wanted)) return [];
    const message = `The input ${field} takes ${wanted}, and is linked to ${given} of ${source.class_type}.`;
    return [finding("LINK_TYPE", message, subject)];
  });
}

/** ComfyUI's rule: one type in common is enough; `*` takes anything; the newer generic types are matched at run time. */
function areCompatible(given: string, wanted: string): boolean {
  if (/\*|COMFY_/.test(given) || /\*|COMFY_/.test(wanted)) return true;
  const types = new Set(wanted.split(",").map((type) => type.trim()));
  return given.split(",").some((type) => types.has(type.trim()));
}

function checkRole({ graph, outputs }: PlannedGraph, nodeId: string, facts: NodeFacts): Finding[] {
  const isOutput = outputs.includes(nodeId);
  if (isOutput && !facts.outputNode) {
    const message = "This node is chosen as an output, but saves nothing. Choose the node that saves the result.";
    return [finding("OUTPUT_NOT_SAVED", message, { graph, nodeId })];
  }
  if (isOutput || !facts.outputNode) return [];
  const message = "This node runs too, and what it makes is not kept: it is not among the outputs.";
  return [finding("OUTPUT_NOT_KEPT", message, { graph, nodeId, severity: "note" })];
}
