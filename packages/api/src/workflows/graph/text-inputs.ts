import type { GraphNode } from "@darkroom/contracts";
import { type GraphView, outputTypesOf } from "./graph-view.ts";
import { type Link, linkOf, linksOf } from "./links.ts";

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
/** Words about words: a separator is glue; what is looked for or replaced, or asked of a captioner, is no prompt. */
const gluedInputs = /^(text_?(delimiter|separator)|string_(find|replace)|text_input)$/i;
const conditioningInputs = /^(conditioning(_?\w*)?|cond(_?\w+)?|base_positive|(base|refiner)_(positive|negative))$/;
const roleNames: Readonly<Record<Role, RegExp>> = {
  positive: /^(positive|positive_prompt|prompt|user_prompt|prompt_text|text_prompt|edit_instruction)$/,
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
  // A guider's second prompt is often the negative one with a picture to it.
  const second: Place[] = [];
  for (const nodeId of running) {
    const node = graph[nodeId];
    if (node === undefined) continue;
    const isEnd = !isPassedOn(view, nodeId);
    // What gives conditioning that nobody takes draws nothing with it: it cuts a latent, say.
    const isIdle = node.inputs.cfg === 1 || outputTypesOf(view, node).includes("CONDITIONING");
    for (const [input, link] of linksOf(node)) {
      const role = isEnd ? endOf(view, node, { input, link }) : null;
      if (role === null) continue;
      isKnown = true;
      const texts = textsBehind(view, link.from, { slot: link.slot, role, seen: new Set() });
      if (input === "cond2") second.push(...texts);
      else collect(role, texts, role === "negative" && isIdle);
    }
    // An encoder's own text is told by where its conditioning goes.
    if (linkOf(node.inputs.clip) !== null) continue;
    for (const role of ["positive", "negative"] as const) {
      const own = Object.keys(node.inputs).filter((input) => roleNames[role].test(ownName(input)));
      const held = own.filter((input) => typeof node.inputs[input] === "string");
      const linked = own.flatMap((input) => (input === role ? [] : (linkOf(node.inputs[input]) ?? [])));
      const texts = linked.flatMap(({ from, slot }) => textsBehind(view, from, { slot, role, seen: new Set() }));
      collect(role, [...texts, ...held.map((input) => ({ nodeId, input }))], false);
    }
  }
  collect(
    "positive",
    second.filter((place) => !found.negative.has(keyOf(place))),
    false,
  );
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

/** The side of the prompt that a node at the end of the conditioning takes at an input; null where it takes none there. */
function endOf(view: GraphView, node: GraphNode, { input, link }: { input: string; link: Link }): Role | null {
  if (input === "positive" || input === "negative") return input;
  const isNamed = /^(conditioning|cond[12])$/.test(input) && (/Guider/.test(node.class_type) || isFound(node));
  return isNamed || isConditioning(view, link) ? sideOf(input) : null;
}

/** Packs call them `neg_conditioning` and `uncond`. */
function sideOf(input: string): Role {
  return /neg|uncond/i.test(input) ? "negative" : "positive";
}

/** True for a link that carries words as a model reads them; a class that no backend describes is told by its name. */
function isConditioning(view: GraphView, { from, slot }: Link): boolean {
  const node = view.graph[from];
  if (node === undefined) return false;
  const types = outputTypesOf(view, node);
  return types.length === 0 ? /TextEncode|Conditioning/.test(node.class_type) : types[slot] === "CONDITIONING";
}

/** True for a node between the texts and the sampler: what it gives is taken as conditioning again. */
function isPassedOn(view: GraphView, nodeId: string): boolean {
  return view
    .consumersOf(nodeId)
    .some(
      ({ input, slot }) =>
        input === "positive" ||
        input === "negative" ||
        conditioningInputs.test(input) ||
        isConditioning(view, { from: nodeId, slot }),
    );
}

interface Trail {
  readonly slot: number;
  readonly role: Role;
  readonly seen: Set<string>;
}

/** The texts that a node's output comes from; nothing behind a node that makes zeros of them. */
function textsBehind(view: GraphView, nodeId: string, trail: Trail): Place[] {
  const node = view.graph[nodeId];
  if (node === undefined || trail.seen.has(nodeId) || node.class_type === "ConditioningZeroOut") return [];
  trail.seen.add(nodeId);
  const follow = ({ from, slot }: { from: string; slot: number }): Place[] =>
    textsBehind(view, from, { ...trail, slot });
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
  const further = followed(view, nodeId, trail).flatMap(follow);
  return [...further, ...linked, ...held];
}

/** A text, or the list of texts that the editor wraps. */
function isWords(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null && "__value__" in value);
}

/** Where the words of this role come from, through a node that only changes, chooses, joins or passes on their conditioning. */
function followed(view: GraphView, nodeId: string, { slot, role }: Trail): Link[] {
  const node = view.graph[nodeId];
  const links = node === undefined ? [] : linksOf(node);
  const both = links.filter(([input]) => /^(positive|negative|cond|uncond)$/.test(input));
  if (node !== undefined && both.length === 2) {
    // Such a node gives them back in this order, some of them behind a model.
    const first = firstConditioning(view, nodeId);
    const wanted = slot === first ? "positive" : slot === first + 1 ? "negative" : role;
    return both.filter(([input]) => sideOf(input) === wanted).map(([, link]) => link);
  }
  const isChooser = /switch|reroute|concat|join|any/i.test(node?.class_type ?? "");
  return links
    .filter(
      ([input, link]) =>
        conditioningInputs.test(input) ||
        input === role ||
        (isChooser && !textInputs.test(input)) ||
        isConditioning(view, link),
    )
    .map(([, link]) => link);
}

/** The output that gives the positive conditioning of a node that gives both; where its class is not known, told by where its outputs go. */
function firstConditioning(view: GraphView, nodeId: string): number {
  const known = outputTypesOf(view, view.graph[nodeId] ?? { class_type: "", inputs: {} }).indexOf("CONDITIONING");
  if (known >= 0) return known;
  const slots = view
    .consumersOf(nodeId)
    .filter(({ input }) => input === "positive" || input === "negative" || conditioningInputs.test(input))
    .map((consumer) => consumer.slot);
  return Math.max(0, ...slots.map((slot) => slot - 1));
}
