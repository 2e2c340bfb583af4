import type { Graph, SharedWorkflow } from "@darkroom/contracts";
import { fieldsOf, own } from "../json.ts";

/**
 * The graph that a file of ours was written from, with what somebody changed in ComfyUI's editor since: its nodes have their
 * ids again, the values that the editor has no widget for, and not those that only the file has.
 */
export function restoreGraph(
  graph: Graph,
  { ids, kept, filled }: Pick<SharedWorkflow, "ids" | "kept" | "filled">,
): Graph {
  const idOf = restoredId(graph, { ids });
  return Object.fromEntries(
    Object.entries(graph).map(([number, node]) => {
      const id = idOf(number);
      const [before, added] = [own(kept, id), own(filled, id)].map(fieldsOf);
      const isAdded = (name: string, value: unknown): boolean =>
        added !== undefined && Object.hasOwn(added, name) && JSON.stringify(added[name]) === JSON.stringify(value);
      const inputs = Object.entries(node.inputs).flatMap(([name, value]) => {
        if (Array.isArray(value)) return [[name, [idOf(String(value[0])), ...value.slice(1)]]];
        return isAdded(name, value) ? [] : [[name, value]];
      });
      return [id, { ...node, inputs: { ...before, ...Object.fromEntries(inputs) } }];
    }),
  );
}

/** Which id each node of a file had in the workflow that it was written from. */
export function restoredId(graph: Graph, { ids }: Pick<SharedWorkflow, "ids">): (number: string) => string {
  return (number) => {
    const id = Object.hasOwn(ids, number) ? ids[number] : undefined;
    return id === undefined || Object.hasOwn(graph, id) ? number : id;
  };
}
