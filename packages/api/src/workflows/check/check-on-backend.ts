import type { Choice, Finding, Graph, GraphNode, NodeFacts, NodeInput, Parameter } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { type Filled, fillDefaults, type NodeLayouts } from "@darkroom/workflow-format";
import { upstreamOf } from "../graph/links.ts";
import { mediaAt } from "../graph/uploads.ts";
import { partAt } from "../parameters/object-parts.ts";
import { checkLinkType } from "./check-links.ts";
import { checkParameterFits } from "./check-parameter.ts";
import { type At, checkValue } from "./check-value.ts";
import { declaredInputs } from "./declared-inputs.ts";
import { finding } from "./finding.ts";
import { missingNode } from "./missing-node.ts";
import { isSelfChecked, looksForFile } from "./self-checked.ts";

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
 * What ComfyUI on this backend would refuse, by its own rules (`proof/workflows/rules` tries each), what fails there as soon as it
 * runs, and what a parameter allows that it would not. Of a backend that has not told of its nodes' inputs, only missing nodes and
 * models.
 */
export function checkOnBackend(planned: PlannedGraph, { catalog, info, version }: DescribedBackend): Finding[] {
  const { graph, filled } = fillDefaults(planned.graph, layoutsOf(info ?? {}));
  const plan = { ...planned, graph };
  const { outputs } = plan;
  const found: Finding[] = [];
  const isSaving = (nodeId: string): boolean => info?.[graph[nodeId]?.class_type ?? ""]?.outputNode === true;
  const started = upstreamOf(graph, Object.keys(graph).filter(isSaving));
  const runs = new Set([...started, ...upstreamOf(graph, outputs)]);
  const added = filled.filter(({ nodeId, field }) => runs.has(nodeId) && !plan.setBy.has(`${nodeId}.${field}`));
  found.push(...added.map((one) => newInput(graph, one)));
  for (const [nodeId, node] of Object.entries(graph)) {
    const choices = catalog[node.class_type];
    // ComfyUI refuses an unknown class even where nothing depends on it.
    if (choices === undefined) {
      found.push(missingNode(graph, nodeId, { version, classes: Object.keys(catalog) }));
      continue;
    }
    if (!runs.has(nodeId)) {
      if (info !== null) found.push(neverRuns(graph, nodeId));
      continue;
    }
    const facts = info?.[node.class_type];
    if (info === null || facts === undefined) found.push(...checkModels(plan, nodeId, node, choices));
    else {
      found.push(...checkNode(plan, nodeId, node, { choices, facts, info }));
      found.push(...checkRole(plan, nodeId, facts, started));
    }
  }
  return found;
}

/** A worker fills it in when it sends a job, as the editor does when it opens a file. */
function newInput(graph: Graph, { nodeId, field, value }: Filled): Finding {
  const message = `${field} is asked for by the node ${graph[nodeId]?.class_type} on this server, and the workflow lacks it. Each job is sent its default, ${JSON.stringify(value)}.`;
  return finding("INPUT_DEFAULTED", message, { graph, nodeId, field, severity: "note" });
}

function layoutsOf(info: Readonly<Record<string, NodeFacts>>): NodeLayouts {
  return Object.fromEntries(
    Object.entries(info).flatMap(([name, { layout }]) => (layout === undefined ? [] : [[name, layout] as const])),
  );
}

function neverRuns(graph: Graph, nodeId: string): Finding {
  const message = "No output depends on this node, so it never runs.";
  return finding("NODE_UNUSED", message, { graph, nodeId, severity: "note" });
}

type Choices = Readonly<Record<string, readonly string[] | null>>;

/** All that is known of a class whose inputs the server has not told. */
function checkModels(plan: PlannedGraph, nodeId: string, node: GraphNode, choices: Choices): Finding[] {
  return Object.entries(node.inputs).flatMap(([field, value]): Finding[] => {
    const at = { graph: plan.graph, nodeId, field };
    const allowed = choices[field] ?? null;
    const parameter = plan.setBy.get(`${nodeId}.${field}`);
    const unfit =
      parameter === undefined ? null : checkParameterFits(parameter, { input: undefined, allowed, subject: at });
    if (unfit !== null) return [unfit];
    if (plan.later.has(`${nodeId}.${field}`) || Array.isArray(value)) return [];
    return checkValue(value, { type: "COMBO", required: false }, allowed, at);
  });
}

/** Whether a form may ask for the file: loaders of packs list files without saying that they take new ones. */
function isSent(node: GraphNode, field: string, input: NodeInput): boolean {
  const media = mediaAt(node, field, input);
  return input.type === "COMBO" && media !== null && media !== "latent" && media !== "image path";
}

function checkNode(
  plan: PlannedGraph,
  nodeId: string,
  node: GraphNode,
  given: { choices: Choices; facts: NodeFacts; info: Readonly<Record<string, NodeFacts>> },
): Finding[] {
  const { graph, later, setBy } = plan;
  const { choices, facts, info } = given;
  const { inputs, faults } = declaredInputs(facts.inputs, node);
  const found: Finding[] = [];
  for (const [field, declared] of inputs) {
    const input = isSent(node, field, declared) ? { ...declared, upload: true as const } : declared;
    const at = { graph, nodeId, field };
    const place = `${nodeId}.${field}`;
    const own = input.choices ?? choices[field] ?? null;
    const allowed: readonly Choice[] | null = input.fetched === true ? null : own;
    const isFree = input.upload === true || isSelfChecked(node.class_type, field);
    const parameter = setBy.get(place);
    const fits = { input, allowed: isFree ? null : allowed, subject: at };
    const unfit = parameter === undefined ? null : checkParameterFits(parameter, fits);
    const value = node.inputs[field];
    if (unfit !== null) found.push(unfit);
    else if (later.has(place)) continue;
    else if (value === undefined) {
      if (input.required && parameter === undefined && !isSpread(input.type)) found.push(missingInput(input.type, at));
    } else if (Array.isArray(value)) {
      const wrong = looksForFile(node.class_type, field)
        ? linkedFile(at)
        : checkLinkType(value, input, { info, allowed: own }, at);
      if (wrong !== null) found.push(wrong);
    } else if (input.options === undefined) {
      found.push(...checkValue(value, isFree ? unbounded(input) : input, isFree ? null : allowed, at));
    }
  }
  for (const { field, message, isMissing, isFatal } of faults) {
    const parameter = setBy.get(`${nodeId}.${field}`);
    if (later.has(`${nodeId}.${field}`) || (isMissing && parameter !== undefined)) continue;
    const severity: Finding["severity"] = isFatal ? "error" : "warning";
    const at = { graph, nodeId, field, severity, ...(parameter === undefined ? {} : { parameter: parameter.name }) };
    found.push(finding(isMissing ? "INPUT_MISSING" : "CHOICE_MISSING", message, at));
  }
  for (const [place, parameter] of setBy) {
    const field = place.slice(nodeId.length + 1);
    const part = partAt(node, field);
    if (part !== null && place.startsWith(`${nodeId}.`)) {
      const subject = { graph, nodeId, field };
      const unfit = checkParameterFits(parameter, { input: part.facts, allowed: null, subject });
      if (unfit !== null) found.push(unfit);
    }
    if (!place.startsWith(`${nodeId}.`) || !Object.hasOwn(node.inputs, field)) continue;
    if (inputs.has(field) || facts.inputs[field] !== undefined) continue;
    const [combo = ""] = field.split(".");
    const isBrought = facts.inputs[combo]?.options !== undefined;
    if (field.includes(".") && !isBrought) continue;
    const message = isBrought
      ? `${parameter.label} sets ${field}, which the node does not have while ${combo} is ${JSON.stringify(node.inputs[combo])}. Let it exist only with the options that bring it.`
      : `${parameter.label} sets ${field}, which the node ${node.class_type} does not have here.`;
    const at = { graph, nodeId, field, parameter: parameter.name };
    found.push(finding("INPUT_UNKNOWN", message, { ...at, severity: "warning" }));
  }
  return found;
}

/** ComfyUI still converts what it does not compare. */
function unbounded({ type, required }: NodeInput): NodeInput {
  return { type, required };
}

function missingInput(type: string, at: At): Finding {
  const message = isWidget(type)
    ? `The input ${at.field} (${type}) has no value, and the node on this server has no default for it. Set it or link it in ComfyUI, and import the workflow again.`
    : `The input ${at.field} (${type}) is not linked. Link it to a node in ComfyUI and import the workflow again.`;
  return finding("INPUT_MISSING", message, at);
}

/** A generic type that is not expanded here, and has its values under other names, if it has any. */
function isSpread(type: string): boolean {
  return type.startsWith("COMFY_") && type !== "COMFY_MATCHTYPE_V3";
}

/** The class looks for the file before the graph runs, when nothing has come over the link yet. */
function linkedFile(at: At): Finding {
  const message = `${at.field} names a file, which this node looks for before the graph runs: ComfyUI refuses a link here. Choose the file in the node.`;
  return finding("LINK_TYPE", message, at);
}

function isWidget(type: string): boolean {
  return ["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"].includes(type);
}

/** `started`: the nodes that ComfyUI runs, since one that saves is among them or depends on them. */
function checkRole(
  { graph, outputs }: PlannedGraph,
  nodeId: string,
  facts: NodeFacts,
  started: ReadonlySet<string>,
): Finding[] {
  const isOutput = outputs.includes(nodeId);
  // A pack's node may expand into nodes that save, and no server says so of it. ComfyUI's own do not.
  if (isOutput && !facts.outputNode && started.has(nodeId) && facts.module.startsWith("custom_nodes.")) {
    const message =
      "This node is chosen as an output and does not save by itself. What it expands into may: its files are kept then. Else choose the node that saves the result.";
    return [finding("OUTPUT_NOT_SAVED", message, { graph, nodeId, severity: "warning" })];
  }
  if (isOutput && !facts.outputNode) {
    const message = "This node is chosen as an output, but saves nothing. Choose the node that saves the result.";
    return [finding("OUTPUT_NOT_SAVED", message, { graph, nodeId })];
  }
  if (isOutput || !facts.outputNode) return [];
  const message = "This node runs too, and what it makes is not kept: it is not among the outputs.";
  return [finding("OUTPUT_NOT_KEPT", message, { graph, nodeId, severity: "note" })];
}
