import {
  type Binding,
  type Graph,
  type GraphNode,
  isExactInteger,
  type Parameter,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import type { Candidate } from "../../answers/index.ts";
import { titleOf, upstreamOf } from "../graph/links.ts";
import { keyOf, type Place } from "../graph/text-inputs.ts";
import { inputFacts, parameterFor } from "./input-kind.ts";
import { labelFrom, nameFrom } from "./input-names.ts";
import { promptsOf, type Role, roleOf, roles } from "./roles.ts";

const order: readonly string[] = Object.keys(roles);

/**
 * Every plain input of the graph as a candidate, the usual ones suggested: prompts by following a sampler's links, the
 * rest by what inputs are called. What the workflow declares already comes first and stays as it is.
 */
export function candidatesOf(
  definition: Pick<WorkflowDefinition, "graph" | "outputs" | "parameters" | "bindings">,
  backends: readonly DescribedBackend[],
): Candidate[] {
  const { graph, outputs, parameters, bindings } = definition;
  const declared = parameters.flatMap((parameter) => declaredCandidate(graph, parameter, bindings));
  const taken = new Set(bindings.map(({ node, input }) => `${node}.${input}`));
  const names = new Set(parameters.map(({ name }) => name));
  // What an earlier version left out was left out on purpose.
  const isFirst = parameters.length === 0;
  const found = groupsOf(graph, outputs, backends)
    .filter(({ places }) => places.every((place) => !taken.has(keyOf(place))))
    .sort((a, b) => rankOf(a) - rankOf(b))
    .flatMap((group): Candidate[] => {
      const candidate = candidateOf(graph, group, { backends, names });
      return candidate === null ? [] : [{ ...candidate, suggested: isFirst && candidate.suggested }];
    });
  return [...declared, ...found];
}

/** The nodes whose files are probably wanted: what saves, or else what shows. */
export function suggestOutputs(graph: Graph, backends: readonly DescribedBackend[]): string[] {
  const isOutput = ({ class_type }: GraphNode): boolean =>
    backends.some(({ info }) => info?.[class_type]?.outputNode === true) ||
    /^(Save|Preview|VHS_VideoCombine)/.test(class_type);
  const all = Object.keys(graph).filter((nodeId) => isOutput(graph[nodeId] ?? { class_type: "", inputs: {} }));
  const saving = all.filter((nodeId) => !/Preview/.test(graph[nodeId]?.class_type ?? ""));
  return saving.length > 0 ? saving : all;
}

/** Inputs that one parameter would set together. */
interface Group {
  readonly role: Role | null;
  readonly places: readonly Place[];
}

function groupsOf(graph: Graph, outputs: readonly string[], backends: readonly DescribedBackend[]): Group[] {
  const used = outputs.length === 0 ? new Set(Object.keys(graph)) : upstreamOf(graph, outputs);
  const prompts = promptsOf(graph, used);
  const grouped = new Map<string, { role: Role | null; places: Place[] }>();
  for (const [nodeId, node] of Object.entries(graph)) {
    if (!used.has(nodeId)) continue;
    for (const [input, value] of Object.entries(node.inputs)) {
      if (!["string", "number", "boolean"].includes(typeof value) && !isExactInteger(value)) continue;
      const place = { nodeId, input };
      const role = prompts.get(keyOf(place)) ?? roleOf(graph, place, backends);
      // The same thing with the same value is one thing: two samplers' steps, both encoders' texts. Seeds always are.
      const same = role?.name === "seed" ? "" : `${node.class_type}=${String(value)}`;
      const key = role === null ? keyOf(place) : `${role.name}:${same}`;
      const held = grouped.get(key);
      if (held === undefined) grouped.set(key, { role, places: [place] });
      else held.places.push(place);
    }
  }
  return [...grouped.values()];
}

function rankOf({ role }: Group): number {
  return role === null || !role.suggested ? order.length : order.indexOf(role.name);
}

function candidateOf(
  graph: Graph,
  { role, places }: Group,
  { backends, names }: { backends: readonly DescribedBackend[]; names: Set<string> },
): Candidate | null {
  const [place] = places;
  const node = place === undefined ? undefined : graph[place.nodeId];
  if (place === undefined || node === undefined) return null;
  const { nodeId, input } = place;
  const facts = inputFacts(backends, node.class_type, input);
  const plain = parameterFor(node, input, { facts, isMask: role?.name === "mask" });
  if (plain === null) return null;
  const name = freeName(names, role?.name ?? nameFrom(graph, place));
  const label = role === null ? labelFrom(graph, place) : labelled(role.label, name, role.name);
  const parameter = shaped({ ...plain, name, label }, role);
  return {
    parameter,
    bindings: places.map((one) => ({ parameter: name, node: one.nodeId, input: one.input })),
    ...{ nodeId, nodeTitle: titleOf(graph, nodeId), classType: node.class_type, input },
    value: plainValue(node.inputs[input]),
    suggested: role?.suggested === true && name === role.name,
  };
}

/** A parameter with its role's bounds, as far as its node and its default allow. */
function shaped(parameter: Parameter, role: Role | null): Parameter {
  if (role === null) return { ...parameter, advanced: true };
  const advanced = role.isAdvanced === true ? { advanced: true } : {};
  if (parameter.kind === "text" && role.name === "prompt") {
    // What the picture shows is asked for, never presumed.
    const { default: _, ...rest } = parameter;
    return { ...rest, required: true };
  }
  if ((parameter.kind !== "integer" && parameter.kind !== "number") || role.bounds === undefined) {
    return { ...parameter, ...advanced };
  }
  const { default: value = parameter.min } = parameter;
  const { step = 1 } = parameter;
  const lower = Math.min(Math.max(parameter.min, role.bounds.min), Math.max(value, parameter.min));
  // A whole number's steps count from its minimum.
  const min = parameter.kind === "integer" ? parameter.min + Math.floor((lower - parameter.min) / step) * step : lower;
  const max = Math.max(Math.min(parameter.max, role.bounds.max), Math.min(value, parameter.max));
  return { ...parameter, ...advanced, min, max };
}

function declaredCandidate(graph: Graph, parameter: Parameter, bindings: readonly Binding[]): Candidate[] {
  const own = bindings.filter((binding) => binding.parameter === parameter.name);
  const [first] = own;
  const node = first === undefined ? undefined : graph[first.node];
  if (first === undefined || node === undefined) return [];
  const value = node.inputs[first.input];
  return [
    {
      parameter,
      bindings: own,
      nodeId: first.node,
      nodeTitle: titleOf(graph, first.node),
      classType: node.class_type,
      input: first.input,
      value: plainValue(value),
      suggested: true,
    },
  ];
}

/** An input's value as a form shows it; empty for what is no plain value. */
function plainValue(value: unknown): Candidate["value"] {
  if (isExactInteger(value)) return value.$integer;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : "";
}

/** `image`, then `image2`. */
function freeName(names: Set<string>, wanted: string): string {
  let name = wanted;
  for (let index = 2; names.has(name); index += 1) name = `${wanted}${index}`;
  names.add(name);
  return name;
}

function labelled(label: string, name: string, wanted: string): string {
  return name === wanted ? label : `${label} ${name.slice(wanted.length)}`;
}
