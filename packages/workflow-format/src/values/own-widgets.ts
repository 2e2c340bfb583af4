import type { GraphNode } from "@darkroom/contracts";
import { fieldsOf, listOf } from "../json.ts";
import type { EditorNode } from "../read/editor-workflow.ts";

const POWER_LORA = "Power Lora Loader (rgthree)";
/** The property of that node by which it shows a second strength, and the value that says so. */
const SHOWN = "Show Strengths";
const SHOWS_TWO = "Separate Model & Clip";

/** A list of choices that a person writes into the node itself (ComfyUI 0.24). */
const CUSTOM_COMBO = "CustomCombo";

/**
 * What the page of a node, mostly of a node pack, sends beside the inputs that the class declares, by class. rgthree's Power Lora Loader keeps
 * one object for each LoRA among its values and sends them as `lora_1`, `lora_2` …, the second strength only where the node
 * shows it (rgthree-comfy 1.0). A custom combo has its choices behind the chosen one and its number, one a place, up to the
 * first empty one, which is sent too (frontend 1.45.0).
 */
export function ownWidgets(node: EditorNode): [string, unknown][] {
  if (node.type === CUSTOM_COMBO) return comboWidgets(listOf(node.values));
  if (node.type !== POWER_LORA || !Array.isArray(node.values)) return [];
  const hasTwo = node.properties[SHOWN] === SHOWS_TWO;
  return node.values
    .map(fieldsOf)
    .filter(({ lora }) => lora !== undefined)
    .map(({ strengthTwo, ...rest }, index) => [
      `lora_${index + 1}`,
      hasTwo ? { ...rest, strengthTwo: strengthTwo ?? 1 } : rest,
    ]);
}

/** Its number is that of the chosen text among the choices, whatever the file says; -1: it is none of them. */
function comboWidgets([choice = "", , ...places]: readonly unknown[]): [string, unknown][] {
  const end = places.findIndex((option) => !option);
  const options = end < 0 ? [...places, ""] : places.slice(0, end + 1);
  return [
    ["index", options.indexOf(choice)],
    ...options.map((option, at): [string, unknown] => [`option${at + 1}`, option]),
  ];
}

/** The inverse of {@link ownWidgets}: what such a node of a graph keeps among its values, and how it is to show it. */
export function ownPlaces({ class_type, inputs }: GraphNode): {
  values: unknown[];
  properties: Record<string, unknown>;
} {
  if (class_type === CUSTOM_COMBO)
    return { values: [inputs.index, ...numbered(inputs, /^option(\d+)$/)], properties: {} };
  if (class_type !== POWER_LORA) return { values: [], properties: {} };
  const loras = numbered(inputs, /^lora_(\d+)$/).map(fieldsOf);
  const hasTwo = loras.some(({ strengthTwo }) => strengthTwo !== undefined);
  return { values: loras, properties: hasTwo ? { [SHOWN]: SHOWS_TWO } : {} };
}

/** The inputs of a name with a number, in the order of the numbers. */
function numbered(inputs: GraphNode["inputs"], name: RegExp): unknown[] {
  const numberOf = (input: string): number => Number(name.exec(input)?.[1]);
  return Object.keys(inputs)
    .filter((input) => name.test(input))
    .sort((one, other) => numberOf(one) - numberOf(other))
    .map((input) => inputs[input]);
}
