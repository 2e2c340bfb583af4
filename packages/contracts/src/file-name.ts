import type { NodeCatalog } from "./capability.ts";
import type { Choice, Graph } from "./workflow.ts";

/**
 * A file's name as we hold and show it, with `/` between folders. ComfyUI on Windows lists the same model as `SDXL\base.safetensors`
 * that it lists as `SDXL/base.safetensors` elsewhere, and takes nothing but its own spelling.
 */
export function plainFileName(name: string): string {
  return name.replaceAll("\\", "/");
}

/** Of a combo's choices the one that is `value`, or names the same file with other separators; undefined if there is none. */
export function choiceFor(value: string, choices: readonly Choice[]): Choice | undefined {
  if (choices.includes(value)) return value;
  if (!/[\\/]/.test(value)) return undefined;
  const plain = plainFileName(value);
  return choices.find((choice) => typeof choice === "string" && plainFileName(choice) === plain);
}

/** `graph` with each chosen file as the server with this catalog writes it. What it does not offer stays as it is. */
export function asServerWrites(graph: Graph, catalog: NodeCatalog): Graph {
  return Object.fromEntries(
    Object.entries(graph).map(([nodeId, node]) => {
      const inputs = Object.entries(node.inputs).map(([input, value]) => {
        const choices = catalog[node.class_type]?.[input];
        const choice = typeof value === "string" && choices != null ? choiceFor(value, choices) : undefined;
        return [input, choice ?? value];
      });
      return [nodeId, { ...node, inputs: Object.fromEntries(inputs) }];
    }),
  );
}
