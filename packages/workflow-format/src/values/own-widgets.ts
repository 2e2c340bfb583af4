import { fieldsOf } from "../json.ts";
import type { EditorNode } from "../read/editor-workflow.ts";

/**
 * What the page of a node pack sends beside the inputs that the class declares, by class. rgthree's Power Lora Loader keeps
 * one object for each LoRA among its values and sends them as `lora_1`, `lora_2` …, the second strength only where the node
 * shows it (rgthree-comfy 1.0).
 */
export function ownWidgets(node: EditorNode): [string, unknown][] {
  if (node.type !== "Power Lora Loader (rgthree)" || !Array.isArray(node.values)) return [];
  const hasTwo = node.properties["Show Strengths"] === "Separate Model & Clip";
  return node.values
    .map(fieldsOf)
    .filter(({ lora }) => lora !== undefined)
    .map(({ strengthTwo, ...rest }, index) => [
      `lora_${index + 1}`,
      hasTwo ? { ...rest, strengthTwo: strengthTwo ?? 1 } : rest,
    ]);
}
