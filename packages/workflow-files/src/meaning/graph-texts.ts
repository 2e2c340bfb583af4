import { graphPlaces, parseGraphText } from "@darkroom/contracts";
import { memberText } from "./json-member.ts";

/** The graphs that a text holds, each as the text of one JSON object. */
export interface GraphTexts {
  /** In the format of ComfyUI's API, ready to run. */
  readonly prompt?: string;
  /** In the format of ComfyUI's editor, to be converted. */
  readonly workflow?: string;
}

/** The object itself comes first. */
const places: readonly (readonly string[])[] = [[], ...graphPlaces];

/**
 * The graphs in a JSON text: it is one, or it is an object that wraps one in a way of {@link graphPlaces}, as an object or as a
 * string of JSON.
 *
 * @throws SyntaxError if the text is no JSON even with tolerance
 */
export function graphTexts(json: string): GraphTexts {
  const plain = json.replace(/^\uFEFF/, "").trim();
  const root = parseGraphText(plain);
  const found: { prompt?: string; workflow?: string } = {};
  for (const place of places) {
    const value = place.reduce(member, root);
    const format = formatOf(typeof value === "string" ? parsed(value) : value);
    if (format === null || found[format] !== undefined) continue;
    found[format] =
      typeof value === "string" ? value : place.reduce((text, name) => memberText(text, name) ?? "", plain);
    // A graph has members of any name; whatever is in it is no other graph.
    if (place.length === 0) break;
  }
  return found;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseGraphText(text);
  } catch {
    return undefined;
  }
}

/** Which of the two formats a value has: nodes in a list, or by their id with a class each. */
function formatOf(value: unknown): keyof GraphTexts | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const nodes = member(value, "nodes");
  // A scene of glTF has a list of nodes too, but theirs have no type.
  if (Array.isArray(nodes) && nodes.some((node) => typeof member(node, "type") === "string")) return "workflow";
  return Object.values(value).some((node) => member(node, "class_type") !== undefined) ? "prompt" : null;
}
