import type { Graph, GraphNode } from "@darkroom/contracts";
import { ownClasses } from "../graph/own-classes.ts";
import type { Place } from "../graph/text-inputs.ts";

/** Inputs of nodes that hold one value: their titles say what it is. */
const valueInputs = /^(value|text|string|int|float|number)$/;

/**
 * A title that somebody gave, which says more than the class; `classTitle` is what ComfyUI calls the class. What a
 * class of a pack is called that no server has is not known: such a title is its own words, or one that several of its nodes have.
 */
export function ownTitle(graph: Graph, { nodeId }: Place, classTitle: string): string | null {
  const node = graph[nodeId];
  const title = titleIn(node);
  if (node === undefined || plain(title) === "") return null;
  const { class_type: name } = node;
  // ComfyUI's own workflows call a node by its class, and say behind it what it is for: “Int (Width)”.
  const [, outer = "", inner = ""] = /^(.*?)[(（](.+)[)）]$/u.exec(title) ?? [];
  if (classTitle !== "" && !/[(（]/.test(classTitle) && letters(outer) === letters(classTitle)) return inner.trim();
  const isDefault =
    [name, classTitle].some((given) => plain(title) === plain(given) || letters(title) === letters(given)) ||
    isOfWords(title, letters(name + classTitle)) ||
    (classTitle === "" && !ownClasses.has(name) && (isPartOf(title, name) || isShared(graph, nodeId)));
  return isDefault ? null : inWords(title);
}

/** As people write: names of inputs that became titles have low lines for blanks. */
function inWords(text: string): string {
  const words = text.replace(/_+/g, " ").trim();
  return words === text || words === "" ? text : (words[0] ?? "").toUpperCase() + words.slice(1);
}

/** True for a title of several words, all of which the class has, in whatever order: “FLUX Text Encode” of `CLIPTextEncodeFlux`. */
function isOfWords(title: string, name: string): boolean {
  const words = title.replace(/\(.*?\)/g, "").split(/[^\p{L}\p{N}]+/u);
  const said = words.filter((word) => word !== "");
  return said.length > 1 && said.every((word) => name.includes(word.toLowerCase()));
}

function titleIn(node: GraphNode | undefined): string {
  return node?._meta?.title?.trim() ?? "";
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function plain(text: string): string {
  return letters(text.replace(/\(.*?\)/g, ""));
}

function isPartOf(title: string, name: string): boolean {
  return [plain(title), letters(title)].some((words) => letters(name).includes(words));
}

/** Whether another node of the class has the same title. */
function isShared(graph: Graph, nodeId: string): boolean {
  const node = graph[nodeId];
  return Object.entries(graph).some(
    ([id, other]) => id !== nodeId && other.class_type === node?.class_type && titleIn(other) === titleIn(node),
  );
}

/** What the corner of a box is called. */
const boxSides = { x: "left", y: "top" } as const;

/** A parameter's name for an input without a role. */
export function nameFrom(graph: Graph, place: Place, classTitle: string): string {
  const title = valueInputs.test(place.input) ? ownTitle(graph, place, classTitle) : null;
  const words = (title ?? place.input)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const [first = "input", ...rest] = words;
  const name = [first.toLowerCase(), ...rest.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1))].join("");
  return /^[a-z]/.test(name) ? name : `input${name}`;
}

/** The label of a parameter that sets this input: the node's own title if it says more than the input's name. */
export function labelFrom(graph: Graph, place: Place, classTitle: string): string {
  const title = ownTitle(graph, place, classTitle);
  return title !== null && valueInputs.test(place.input) ? title : wordsOf(place.input);
}

/** An input's name as words: `resize_type.width` is “Resize type width”. */
export function wordsOf(input: string): string {
  const words = input
    .replace(/\.([xy])$/, (_, axis: "x" | "y") => ` ${boxSides[axis]}`)
    .replace(/[_.]+/g, " ")
    .trim();
  return words === "" ? input : (words[0] ?? "").toUpperCase() + words.slice(1);
}

/** What reads one of several texts that an encoder takes. */
const readers: Readonly<Record<string, string>> = {
  ...{ clip_l: "CLIP-L", text_l: "CLIP-L", clip_g: "CLIP-G", text_g: "CLIP-G" },
  ...{ t5xxl: "T5-XXL", mt5xl: "mT5-XL", bert: "BERT", llama: "Llama" },
};

/** Whose words these are, where an encoder takes a text for each of several readers and they are asked for apart; null elsewhere. */
export function readerOf(graph: Graph, places: readonly Place[]): string | null {
  const [place] = places;
  const reader = place === undefined ? undefined : readers[place.input];
  if (place === undefined || reader === undefined || places.some(({ input }) => readers[input] !== reader)) return null;
  const held = Object.entries(graph[place.nodeId]?.inputs ?? {}).filter(
    ([input, value]) => readers[input] !== undefined && typeof value === "string",
  );
  return held.length > 1 ? reader : null;
}
