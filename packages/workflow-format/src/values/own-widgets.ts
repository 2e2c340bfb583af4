import type { GraphNode } from "@darkroom/contracts";
import { fieldsOf } from "../json.ts";
import type { EditorNode } from "../read/editor-workflow.ts";

const POWER_LORA = "Power Lora Loader (rgthree)";
/** The property of that node by which it shows a second strength, and the value that says so. */
const SHOWN = "Show Strengths";
const SHOWS_TWO = "Separate Model & Clip";

/**
 * What the page of a node pack sends beside the inputs that the class declares, by class. rgthree's Power Lora Loader keeps
 * one object for each LoRA among its values and sends them as `lora_1`, `lora_2` …, the second strength only where the node
 * shows it (rgthree-comfy 1.0).
 */
export function ownWidgets(node: EditorNode): [string, unknown][] {
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

/** The inverse of {@link ownWidgets}: what such a node of a graph keeps among its values, and how it is to show it. */
export function ownPlaces({ class_type, inputs }: GraphNode): {
  values: unknown[];
  properties: Record<string, unknown>;
} {
  if (class_type !== POWER_LORA) return { values: [], properties: {} };
  const loras = Object.keys(inputs)
    .filter((name) => /^lora_\d+$/.test(name))
    .sort((one, other) => Number(one.slice(5)) - Number(other.slice(5)))
    .map((name) => fieldsOf(inputs[name]));
  const hasTwo = loras.some(({ strengthTwo }) => strengthTwo !== undefined);
  return { values: loras, properties: hasTwo ? { [SHOWN]: SHOWS_TWO } : {} };
}
