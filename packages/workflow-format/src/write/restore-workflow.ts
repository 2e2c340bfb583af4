import type { Graph, SharedWorkflow } from "@darkroom/contracts";

/**
 * The graph that a file of ours was written from, with what somebody changed in ComfyUI's editor since: its nodes have their
 * ids again, and the values that the editor has no widget for.
 */
export function restoreGraph(graph: Graph, { ids, kept }: Pick<SharedWorkflow, "ids" | "kept">): Graph {
  const idOf = (number: string): string => {
    const id = Object.hasOwn(ids, number) ? ids[number] : undefined;
    return id === undefined || Object.hasOwn(graph, id) ? number : id;
  };
  return Object.fromEntries(
    Object.entries(graph).map(([number, node]) => {
      const id = idOf(number);
      const inputs = Object.entries(node.inputs).map(([name, value]) =>
        Array.isArray(value) ? [name, [idOf(String(value[0])), ...value.slice(1)]] : [name, value],
      );
      const before = Object.hasOwn(kept, id) ? kept[id] : {};
      return [id, { ...node, inputs: { ...before, ...Object.fromEntries(inputs) } }];
    }),
  );
}
