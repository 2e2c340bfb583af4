import type { Graph } from "@darkroom/contracts";
import type { Place } from "../graph/text-inputs.ts";

/** Inputs of nodes that hold one value: their titles say what it is. */
const valueInputs = /^(value|text|string|int|float|number)$/;

/** A title that somebody gave, which says more than the class; `classTitle` is what ComfyUI calls the class. */
export function ownTitle(graph: Graph, { nodeId }: Place, classTitle: string): string | null {
  const node = graph[nodeId];
  const title = node?._meta?.title?.trim() ?? "";
  const plain = (text: string): string => text.toLowerCase().replace(/\(.*?\)|[^\p{L}\p{N}]/gu, "");
  if (node === undefined || title === "" || plain(title) === "") return null;
  return plain(title) === plain(node.class_type) || plain(title) === plain(classTitle) ? null : title;
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
  if (title !== null && valueInputs.test(place.input)) return title;
  const words = place.input
    .replace(/\.([xy])$/, (_, axis: "x" | "y") => ` ${boxSides[axis]}`)
    .replace(/[_.]+/g, " ")
    .trim();
  return words === "" ? place.input : (words[0] ?? "").toUpperCase() + words.slice(1);
}
