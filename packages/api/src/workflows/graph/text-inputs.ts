import type { Graph, GraphNode } from "@darkroom/contracts";
import type { GraphView } from "./graph-view.ts";
import { linkOf, linksOf } from "./links.ts";

/** A node's input that holds a plain value. */
export interface Place {
  readonly nodeId: string;
  readonly input: string;
}

type Role = "positive" | "negative";

/** The texts that words of a prompt come from, and the ones among them that change nothing. */
export interface PromptPlaces extends Readonly<Record<Role, readonly Place[]>> {
  /** Negative prompts of passes with a guidance of 1, which leave them out, as {@link keyOf} writes them. */
  readonly idle: ReadonlySet<string>;
  /** Whether the graph has a node that takes prompts at all. */
  readonly isKnown: boolean;
}

/** How the inputs are called that hold the words of a prompt, in ComfyUI's own nodes and in common custom ones. */
const textInputs =
  /^(text[_a-z0-9]*|prompt|clip_[lg]|t5xxl|llama|qwen\w*|gemma\w*|tags|lyrics|string(s?[_.]?\w)?|value|wildcard_text|caption)$/i;
/** Words about words: a separator is glue, and what is looked for or replaced is no prompt. */
const gluedInputs = /^(text_?(delimiter|separator)|string_(find|replace))$/i;
const conditioningInputs = /^(conditioning(_?\w*)?|cond(_?\w+)?|base_positive|(base|refiner)_(positive|negative))$/;
const roleNames: Readonly<Record<Role, RegExp>> = {
  positive: /^(positive|positive_prompt|prompt)$/,
  negative: /^(negative|negative_prompt|neg_prompt)$/,
};

/**
 * The texts that end as a sampler's positive and negative prompt: from whatever has such inputs, back along the links to
 * the nodes that hold words. Of node packs that have no conditioning, inputs that are called so.
 */
export function promptPlaces(view: GraphView): PromptPlaces {
  const { graph, running } = view;
  const found: Record<Role, Map<string, Place>> = { positive: new Map(), negative: new Map() };
  const works = new Set<string>();
  const collect = (role: Role, places: readonly Place[], isIdle: boolean): void => {
    for (const place of places) {
      found[role].set(keyOf(place), place);
      if (!isIdle) works.add(keyOf(place));
    }
  };
  let isKnown = false;
  for (const nodeId of running) {
    const node = graph[nodeId];
    if (node === undefined) continue;
    const isEnd = !isPassedOn(view, nodeId);
    for (const role of ["positive", "negative"] as const) {
      const link = linkOf(node.inputs[role]) ?? (role === "positive" ? guiderLink(node, "cond1") : null);
      if (link === null || !isEnd) continue;
      isKnown = true;
      const texts = textsBehind(graph, link.from, { slot: link.slot, role, seen: new Set() });
      collect(role, texts, role === "negative" && node.inputs.cfg === 1);
    }
    for (const input of ["conditioning", "cond2"]) {
      const link = guiderLink(node, input) ?? (isEnd && isFound(node) ? linkOf(node.inputs[input]) : null);
      if (link === null) continue;
      isKnown = true;
      collect("positive", textsBehind(graph, link.from, { slot: link.slot, role: "positive", seen: new Set() }), false);
    }
    // An encoder's own text is told by where its conditioning goes.
    if (linkOf(node.inputs.clip) !== null) continue;
    for (const role of ["positive", "negative"] as const) {
      const own = Object.keys(node.inputs).filter((input) => roleNames[role].test(ownName(input)));
      const held = own.filter((input) => typeof node.inputs[input] === "string");
      const linked = own.flatMap((input) => (input === role ? [] : (linkOf(node.inputs[input]) ?? [])));
      const texts = linked.flatMap(({ from, slot }) => textsBehind(graph, from, { slot, role, seen: new Set() }));
      collect(role, [...texts, ...held.map((input) => ({ nodeId, input }))], false);
    }
  }
  // A negative prompt is often the positive one, zeroed out.
  for (const key of found.positive.keys()) found.negative.delete(key);
  const [positive, negative] = [[...found.positive.values()], [...found.negative.values()]];
  const idle = new Set(negative.map(keyOf).filter((key) => !works.has(key)));
  return { positive, negative, idle, isKnown: isKnown || positive.length + negative.length > 0 };
}

/** The name of an input that a choice brings, without the choice's: `model.prompt`. */
function ownName(input: string): string {
  return input.split(".").at(-1) ?? input;
}

export function keyOf({ nodeId, input }: Place): string {
  return `${nodeId}.${input}`;
}

/** A node that looks for what a text says: its conditioning goes no further. */
function isFound({ class_type }: GraphNode): boolean {
  return /Detect|Segment|Track|SAM/.test(class_type);
}

function guiderLink(node: GraphNode, input: string) {
  return /Guider/.test(node.class_type) ? linkOf(node.inputs[input]) : null;
}

/** True for a node between the texts and the sampler: what it gives is taken as conditioning again. */
function isPassedOn(view: GraphView, nodeId: string): boolean {
  return view
    .consumersOf(nodeId)
    .some(({ input }) => input === "positive" || input === "negative" || conditioningInputs.test(input));
}

interface Trail {
  readonly slot: number;
  readonly role: Role;
  readonly seen: Set<string>;
}

/** The texts that a node's output comes from; nothing behind a node that makes zeros of them. */
function textsBehind(graph: Graph, nodeId: string, trail: Trail): Place[] {
  const node = graph[nodeId];
  if (node === undefined || trail.seen.has(nodeId) || node.class_type === "ConditioningZeroOut") return [];
  trail.seen.add(nodeId);
  const follow = ({ from, slot }: { from: string; slot: number }): Place[] =>
    textsBehind(graph, from, { ...trail, slot });
  const isText = (input: string): boolean =>
    (textInputs.test(input) && !gluedInputs.test(input)) || roleNames[trail.role].test(input);
  // A node that shows a text keeps what it showed last.
  const isShown = /^(Show|Display|Preview)/.test(node.class_type);
  const held = Object.entries(node.inputs)
    .filter(([input, value]) => isText(input) && isWords(value) && !isShown)
    .map(([input]) => ({ nodeId, input }));
  const linked = linksOf(node)
    .filter(([input]) => isText(input) && input !== trail.role)
    .flatMap(([, link]) => follow(link));
  const further = followed(graph, nodeId, trail).flatMap(follow);
  return [...further, ...linked, ...held];
}

/** A text, or the list of texts that the editor wraps. */
function isWords(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null && "__value__" in value);
}

/** Where the words of this role come from, through a node that only changes, chooses or joins their conditioning. */
function followed(graph: Graph, nodeId: string, { slot, role }: Trail) {
  const node = graph[nodeId];
  const links = node === undefined ? [] : linksOf(node);
  const both = links.filter(([input]) => input === "positive" || input === "negative");
  if (both.length === 2) {
    // Such a node gives them back in this order, some of them behind a model.
    const first = firstConditioning(graph, nodeId);
    const wanted = slot === first ? "positive" : slot === first + 1 ? "negative" : role;
    return both.filter(([input]) => input === wanted).map(([, link]) => link);
  }
  const isChooser = /switch|reroute|concat|join|any/i.test(node?.class_type ?? "");
  return links
    .filter(([input]) => conditioningInputs.test(input) || input === role || (isChooser && !textInputs.test(input)))
    .map(([, link]) => link);
}

/** The output that gives the positive conditioning of a node that gives both, told by where its outputs go. */
function firstConditioning(graph: Graph, nodeId: string): number {
  const slots = Object.values(graph).flatMap((node) =>
    linksOf(node)
      .filter(([input, { from }]) => from === nodeId && (input === "positive" || input === "negative"))
      .map(([, link]) => link.slot),
  );
  return Math.max(0, ...slots.map((slot) => slot - 1));
}
