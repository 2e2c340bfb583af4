import { type Graph, type GraphNode, type NodeFacts, writtenChoices } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { linkOf, linksOf, upstreamOf } from "./links.ts";

/** An input that takes an output of some node. */
export interface Consumer {
  readonly nodeId: string;
  readonly input: string;
  readonly slot: number;
}

/** A graph with what is asked of it again and again while a form is made: it is looked up once. */
export interface GraphView {
  readonly graph: Graph;
  /** The nodes that ComfyUI would run. */
  readonly running: ReadonlySet<string>;
  /** The running inputs that take what a node gives. */
  consumersOf(nodeId: string): readonly Consumer[];
  /** What the first backend that knows the class says of it; undefined where none does. */
  factsOf(classType: string): NodeFacts | undefined;
}

/** The view of a graph for the sake of these outputs, and of whatever else ComfyUI runs a graph for. */
export function viewOf(graph: Graph, outputs: readonly string[], backends: readonly DescribedBackend[]): GraphView {
  const factsOf = (classType: string): NodeFacts | undefined =>
    backends.map(({ info }) => info?.[classType]).find((facts) => facts !== undefined);
  const running = runningNodes(graph, outputs, factsOf);
  const consumers = new Map<string, Consumer[]>();
  for (const nodeId of running) {
    for (const [input, { from, slot }] of linksOf(graph[nodeId] ?? { class_type: "", inputs: {} })) {
      const held = consumers.get(from) ?? [];
      consumers.set(from, [...held, { nodeId, input, slot }]);
    }
  }
  return { graph, running, factsOf, consumersOf: (nodeId) => consumers.get(nodeId) ?? [] };
}

/**
 * ComfyUI leaves out an output that a required link does not reach and runs the others. Where it could run none, a form
 * is made as if it ran all: the person sees what the repaired workflow will ask for, beside the findings.
 */
function runningNodes(graph: Graph, outputs: readonly string[], factsOf: GraphView["factsOf"]): ReadonlySet<string> {
  const ends = Object.keys(graph).filter(
    (nodeId) => outputs.includes(nodeId) || factsOf(graph[nodeId]?.class_type ?? "")?.outputNode === true,
  );
  if (ends.length === 0) return new Set(Object.keys(graph));
  const unwired = new Set(Object.keys(graph).filter((nodeId) => !isWired(graph, nodeId, factsOf)));
  const sound = ends.filter((nodeId) => unwired.size === 0 || !overlap(upstreamOf(graph, [nodeId]), unwired));
  return upstreamOf(graph, sound.length > 0 ? sound : ends);
}

function overlap(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].some((one) => some.has(one));
}

/** True if every link leads to a node, and every required input that only a link can feed has one. */
function isWired(graph: Graph, nodeId: string, factsOf: GraphView["factsOf"]): boolean {
  const node = graph[nodeId];
  if (node === undefined) return false;
  if (linksOf(node).some(([, { from }]) => graph[from] === undefined)) return false;
  const { inputs = {} } = factsOf(node.class_type) ?? {};
  return Object.entries(inputs).every(
    ([name, { type, required }]) => !required || isPlainType(type) || node.inputs[name] !== undefined,
  );
}

/** Types with a value of their own; the newer `COMFY_…` kinds are spread over several names. */
function isPlainType(type: string): boolean {
  return /^(INT|FLOAT|STRING|BOOLEAN|COMBO)$|^COMFY_|\*/.test(type);
}

/** The types of a node's outputs; none where no backend knows its class. */
export function outputTypesOf(view: GraphView, node: GraphNode): readonly string[] {
  return view.factsOf(node.class_type)?.outputs ?? [];
}

/**
 * Where a value arrives, through nodes that only hold, pass or choose one (`PrimitiveInt`, a seed node, a reroute, a switch): the inputs of
 * the first nodes that do something with it; the place itself if its node does.
 */
export function purposesOf(view: GraphView, place: { nodeId: string; input: string }): readonly Consumer[] {
  const reached: Consumer[] = [];
  const seen = new Set<string>();
  const waiting: Consumer[] = [{ ...place, slot: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = `${next.nodeId}.${next.input}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const node = view.graph[next.nodeId];
    const isPassed = holds(node, next.input) || isChosen(node, next.input);
    const consumers = isPassed ? view.consumersOf(next.nodeId) : [];
    if (consumers.length === 0) reached.push(next);
    else waiting.push(...[...consumers].reverse());
  }
  return reached;
}

/** True for what a switch hands on, where it is the one that is chosen: not for what chooses. */
function isChosen(node: GraphNode | undefined, input: string): boolean {
  return (
    node !== undefined && /Switch/i.test(node.class_type) && /^(on_(true|false)|input_?\w*|value_?\w*)$/.test(input)
  );
}

/** True for the input of a node that is there for its value, or for a choice that its author wrote. */
export function holds(node: GraphNode | undefined, input: string): boolean {
  return isHolder(node) || (node !== undefined && writtenChoices(node, input) !== null);
}

/** A node that its author put there for one value: it has nothing else, and no link but one that it passes on. */
export function isHolder(node: GraphNode | undefined): boolean {
  if (node === undefined) return false;
  const inputs = Object.keys(node.inputs);
  const isNamed =
    /^Primitive|^Reroute|Constant|^(Int|Float|String|Text|Number|Boolean|Seed)\b|^(INT|FLOAT|STRING|BOOLEAN)/i;
  const hasOne = inputs.every((input) =>
    /^(value|int|float|number|string|text|boolean|seed|any|.*input|noise_seed)$/i.test(input),
  );
  return inputs.length === 1 && hasOne && isNamed.test(node.class_type);
}

/** Every node that the node's links lead back to, itself left out. */
export function behind(graph: Graph, nodeId: string): ReadonlySet<string> {
  const node = graph[nodeId];
  if (node === undefined) return new Set();
  const sources = Object.values(node.inputs).flatMap((value) => linkOf(value)?.from ?? []);
  return upstreamOf(graph, sources);
}
