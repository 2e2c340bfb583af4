import type { Graph, GraphNode } from "@darkroom/contracts";
import { linkOf, linksOf } from "./links.ts";

/** A node's input that holds a plain value. */
export interface Place {
  readonly nodeId: string;
  readonly input: string;
}

type Role = "positive" | "negative";

/** How the inputs are called that hold the words of a prompt, in ComfyUI's own nodes and in common custom ones. */
const textInputs = /^(text(_[a-z0-9]+)?|prompt|clip_[lg]|t5xxl|llama|tags|string(_[ab])?|value|wildcard_text)$/;
const conditioningInputs = /^(conditioning(_?\w*)?|cond(_\w+)?|guider|base_positive)$/;

/**
 * The texts that end as a sampler's positive and negative prompt: from whatever has such inputs, back along the links to
 * the nodes that hold words.
 */
export function promptPlaces(graph: Graph, nodeIds: Iterable<string>): Readonly<Record<Role, readonly Place[]>> {
  const found: Record<Role, Map<string, Place>> = { positive: new Map(), negative: new Map() };
  const collect = (role: Role, places: readonly Place[]): void => {
    for (const place of places) found[role].set(keyOf(place), place);
  };
  for (const nodeId of nodeIds) {
    const node = graph[nodeId];
    if (node === undefined) continue;
    for (const role of ["positive", "negative"] as const) {
      const link = linkOf(node.inputs[role]);
      if (link !== null) collect(role, textsBehind(graph, link.from, { slot: link.slot, role, seen: new Set() }));
    }
    const guided = /Guider$/.test(node.class_type) ? linkOf(node.inputs.conditioning) : null;
    if (guided !== null) {
      collect("positive", textsBehind(graph, guided.from, { slot: guided.slot, role: "positive", seen: new Set() }));
    }
  }
  // A negative prompt is often the positive one, zeroed out.
  for (const key of found.positive.keys()) found.negative.delete(key);
  return { positive: [...found.positive.values()], negative: [...found.negative.values()] };
}

export function keyOf({ nodeId, input }: Place): string {
  return `${nodeId}.${input}`;
}

interface Trail {
  readonly slot: number;
  readonly role: Role;
  readonly seen: Set<string>;
}

function textsBehind(graph: Graph, nodeId: string, trail: Trail): Place[] {
  const node = graph[nodeId];
  if (node === undefined || trail.seen.has(nodeId)) return [];
  trail.seen.add(nodeId);
  const held = Object.entries(node.inputs)
    .filter(([input, value]) => typeof value === "string" && (textInputs.test(input) || input === trail.role))
    .map(([input]) => ({ nodeId, input }));
  const linked = linksOf(node)
    .filter(([input]) => textInputs.test(input))
    .flatMap(([, { from, slot }]) => textsBehind(graph, from, { ...trail, slot }));
  if (held.length > 0 || linked.length > 0) return [...held, ...linked];
  return followed(node, trail).flatMap(({ from, slot }) => textsBehind(graph, from, { ...trail, slot }));
}

/** Where the words of this role come from, through a node that only changes their conditioning. */
function followed(node: GraphNode, { slot, role }: Trail) {
  const links = linksOf(node);
  const both = links.filter(([input]) => input === "positive" || input === "negative");
  if (both.length === 2) {
    // Such a node gives them back in the order of its outputs.
    const wanted = slot === 0 ? "positive" : slot === 1 ? "negative" : role;
    return both.filter(([input]) => input === wanted).map(([, link]) => link);
  }
  return links.filter(([input]) => conditioningInputs.test(input) || input === role).map(([, link]) => link);
}
