import type { EditorInput, EditorNode, Subgraph } from "./editor-workflow.ts";

/**
 * A node with the input slots of the subgraph that it stands for, in that order, then those that only the file has: the file
 * leaves out those of widgets without a link (frontend 1.45.0). By their names; by their places where the file has as many
 * and calls them otherwise.
 */
export function withSlots(node: EditorNode, subgraph: Subgraph | undefined): EditorNode {
  if (subgraph === undefined) return node;
  const named = new Map(node.inputs.map((input) => [input.name, input]));
  const isRenamed =
    node.inputs.length === subgraph.inputs.length && subgraph.inputs.some(({ name }) => !named.has(name));
  const declared = subgraph.inputs.map(({ name, type }, slot): EditorInput => {
    const input = isRenamed ? node.inputs[slot] : named.get(name);
    return { name, type, link: input?.link ?? null, widget: input?.widget ?? null };
  });
  const names = new Set(subgraph.inputs.map(({ name }) => name));
  const others = isRenamed ? [] : node.inputs.filter(({ name }) => !names.has(name));
  return { ...node, inputs: [...declared, ...others] };
}

/** The links into a node that stands for a subgraph which has no such input. */
export function strayInputs(holder: EditorNode, subgraph: Subgraph): EditorInput[] {
  const names = new Set(subgraph.inputs.map(({ name }) => name));
  return holder.inputs.filter(({ name, link }) => link !== null && !names.has(name));
}
