import type { Graph } from "@darkroom/contracts";
import type { Place } from "../graph/text-inputs.ts";

/** A title that somebody gave says more than an input's name. */
function ownTitle(graph: Graph, { nodeId }: Place): string | null {
  const node = graph[nodeId];
  const title = node?._meta?.title?.trim() ?? "";
  const plain = (text: string): string => text.toLowerCase().replace(/\(.*?\)|[^a-z0-9]/g, "");
  return node === undefined || title === "" || plain(title) === plain(node.class_type) ? null : title;
}

/** A parameter's name for an input without a role. */
export function nameFrom(graph: Graph, place: Place): string {
  const title = /^(value|text|string|int|float|number)$/.test(place.input) ? ownTitle(graph, place) : null;
  const words = (title ?? place.input)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const [first = "input", ...rest] = words;
  const name = [first.toLowerCase(), ...rest.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1))].join("");
  return /^[a-z]/.test(name) ? name : `input${name}`;
}

/** And its label. */
export function labelFrom(graph: Graph, place: Place): string {
  const title = ownTitle(graph, place);
  if (title !== null && /^(value|text|string|int|float|number)$/.test(place.input)) return title;
  const words = place.input.replace(/[_.]+/g, " ").trim();
  return words === "" ? place.input : (words[0] ?? "").toUpperCase() + words.slice(1);
}
