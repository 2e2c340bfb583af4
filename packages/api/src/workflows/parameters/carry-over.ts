import {
  type Binding,
  type Graph,
  type GraphNode,
  type Parameter,
  valueAt,
  type WorkflowDefinition,
  withoutLooseConditions,
} from "@darkroom/contracts";
import { titleOf } from "../graph/links.ts";

/**
 * A workflow's declared parameters on another graph of it, as after a change in ComfyUI: each binding stays with its node
 * where the new graph has it, else goes to the one node of the same class and title. What finds no place is left out.
 */
export function carryOver(
  { graph: before, parameters, bindings }: Pick<WorkflowDefinition, "graph" | "parameters" | "bindings">,
  after: Graph,
): { parameters: Parameter[]; bindings: Binding[] } {
  const kept = bindings.flatMap((binding): Binding[] => {
    const node = counterpart(before, binding.node, after);
    return node !== null && isThere(after[node], binding) ? [{ ...binding, node }] : [];
  });
  /** What another option brings is in the graph as long as the dynamic combo is, whose name stands before the first dot. */
  function isThere(node: GraphNode | undefined, { parameter, input }: Binding): boolean {
    const depends = parameters.some(({ name, when }) => name === parameter && when !== undefined);
    const asked = depends ? (input.split(".")[0] ?? input) : input;
    return node !== undefined && valueAt(node, asked) !== undefined;
  }
  return {
    parameters: withoutLooseConditions(
      parameters.filter(({ name }) => kept.some(({ parameter }) => parameter === name)),
    ),
    bindings: kept,
  };
}

/** The node of the other graph that is this one; null if there is none, or no telling which. */
export function counterpart(before: Graph, nodeId: string, after: Graph): string | null {
  const node = before[nodeId];
  if (node === undefined) return null;
  if (after[nodeId]?.class_type === node.class_type) return nodeId;
  // A node that kept its id is its own counterpart, and nobody else's.
  const alike = Object.keys(after).filter(
    (id) => after[id]?.class_type === node.class_type && before[id]?.class_type !== node.class_type,
  );
  const titled = alike.filter((id) => titleOf(after, id) === titleOf(before, nodeId));
  const [only] = titled.length > 0 ? titled : alike;
  return (titled.length > 0 ? titled : alike).length === 1 && only !== undefined ? only : null;
}
