import { compileGraph } from "./compile-graph.ts";
import { choiceFor, plainFileName } from "./file-name.ts";
import { type InputValues, isImageInput } from "./input-value.ts";
import { objectPart } from "./object-part.ts";
import type { Graph, WorkflowDefinition } from "./workflow.ts";

/**
 * What a backend must have to run a job: node classes, and model files by folder.
 * Two jobs with the same needs share one capability key, so a backend is asked once per key and not once per job.
 */
export interface Capability {
  /** Sorted class names. */
  readonly nodes: readonly string[];
  /** Sorted `class_type.input=file`, one per model input that the graph sets, with `/` between folders whatever its server. */
  readonly models: readonly string[];
}

/** True for the name of a model file. */
export function isModelFile(name: string): boolean {
  return /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/i.test(name);
}

/**
 * The nodes that may run: all that an output needs, or another end of the graph. A catalog does not say which ends ComfyUI runs for
 * their own sake. A loader that feeds nobody is none: people leave them lying about, and ComfyUI does not look at their files.
 */
function mayRun(graph: Graph, outputs: readonly string[]): ReadonlySet<string> {
  const before = (nodeId: string): string[] =>
    Object.values(graph[nodeId]?.inputs ?? {}).flatMap((value) => (Array.isArray(value) ? [String(value[0])] : []));
  const fed = new Set(Object.keys(graph).flatMap(before));
  const loads = (nodeId: string): boolean =>
    Object.values(graph[nodeId]?.inputs ?? {}).some((value) => typeof value === "string" && isModelFile(value));
  const found = new Set<string>();
  const waiting = Object.keys(graph).filter((id) => outputs.includes(id) || !(fed.has(id) || loads(id)));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...before(next));
  }
  return found;
}

/**
 * The needs of a compiled job: all its classes, and the models of the nodes that may run. Model inputs are those bound to a parameter of kind `model`, and those that hold the name
 * of a model file, whether a parameter set it or the graph itself.
 */
export function capabilityOf(
  { graph, parameters, bindings, outputs }: WorkflowDefinition,
  inputs: InputValues,
): Capability {
  const bound = bindings.filter(({ node }) => graph[node] !== undefined);
  const values = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isImageInput(value)));
  const compiled = compileGraph({ graph, bindings: bound }, values);
  const nodes = [...new Set(Object.values(graph).map((node) => node.class_type))].sort();
  const isModel = (name: string): boolean => parameters.some((one) => one.name === name && one.kind === "model");
  const modelPlaces = new Set(
    bound
      .filter(({ parameter }) => isModel(parameter) && values[parameter] !== undefined)
      .map(({ node, input }) => `${node}.${input}`),
  );
  const models = new Set<string>();
  const running = mayRun(compiled, outputs);
  for (const [nodeId, { class_type, inputs: set }] of Object.entries(compiled)) {
    if (!running.has(nodeId)) continue;
    for (const [input, value] of Object.entries(set)) {
      if (typeof value !== "string" || !(modelPlaces.has(`${nodeId}.${input}`) || isModelFile(value))) continue;
      models.add(`${class_type}.${input}=${plainFileName(value)}`);
    }
  }
  for (const { parameter, node, input } of bound) {
    const value = values[parameter];
    const loader = compiled[node];
    if (!running.has(node) || loader === undefined || !isModel(parameter) || typeof value !== "string") continue;
    if (objectPart(loader, input) === null) continue;
    const { classType, input: listed } = modelList(loader.class_type, input);
    models.add(`${classType}.${listed}=${plainFileName(value)}`);
  }
  return { nodes, models: [...models].sort() };
}

/** Where a server lists the files that an input takes: of LoRAs that a node of a pack keeps as objects, with ComfyUI's own loader. */
export function modelList(classType: string, input: string): { readonly classType: string; readonly input: string } {
  return /\.lora$/.test(input) ? { classType: "LoraLoader", input: "lora_name" } : { classType, input };
}

/** A backend's `object_info`, reduced to what a capability asks: class → input → choices (null: any value). */
export type NodeCatalog = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;

export interface Lack {
  readonly kind: "node" | "model";
  /** The missing class or file. */
  readonly name: string;
  /** For a model: the input that it is chosen in. Left out by programs of before. */
  readonly input?: string;
  /** For a model: what the backend has instead, closest first, at most five. */
  readonly closest: readonly string[];
}

/** What `catalog` lacks for `capability`; empty if it can run the job. */
export function lacking(catalog: NodeCatalog, capability: Capability): Lack[] {
  const lacks: Lack[] = capability.nodes
    .filter((name) => catalog[name] === undefined)
    .map((name) => ({ kind: "node", name, closest: [] }));
  for (const model of capability.models) {
    const [path = "", file = ""] = splitOnce(model, "=");
    const [node = "", input = ""] = splitOnce(path, ".");
    const choices = catalog[node]?.[input];
    if (choices === undefined || choices === null || choiceFor(file, choices) !== undefined) continue;
    lacks.push({ kind: "model", name: file, input, closest: closestTo(file, choices.map(plainFileName)) });
  }
  return lacks;
}

/** `graph` with each chosen file as the server with this catalog writes it. What it does not offer stays as it is. */
export function asServerWrites(graph: Graph, catalog: NodeCatalog): Graph {
  return Object.fromEntries(
    Object.entries(graph).map(([nodeId, node]) => {
      const inputs = Object.entries(node.inputs).map(([input, value]) => {
        const choices = catalog[node.class_type]?.[input];
        const choice = typeof value === "string" && choices != null ? choiceFor(value, choices) : undefined;
        return [input, choice ?? value];
      });
      return [nodeId, { ...node, inputs: Object.fromEntries(inputs) }];
    }),
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Up to five of `candidates`, most similar to `wanted` first (shared letter pairs, as Dice counts them). */
export function closestTo(wanted: string, candidates: readonly string[]): string[] {
  const pairs = (text: string): Set<string> => {
    const lower = text.toLowerCase();
    return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)));
  };
  const target = pairs(wanted);
  const score = (candidate: string): number => {
    const other = pairs(candidate);
    const shared = [...other].filter((pair) => target.has(pair)).length;
    return (2 * shared) / (target.size + other.size || 1);
  };
  return [...candidates].sort((a, b) => score(b) - score(a)).slice(0, 5);
}

/** True if any input of the graph links to a node that is absent. */
export function hasBrokenLink(graph: Graph): boolean {
  return Object.values(graph).some((node) =>
    Object.values(node.inputs).some(
      (value) => Array.isArray(value) && typeof value[0] === "string" && graph[value[0]] === undefined,
    ),
  );
}
