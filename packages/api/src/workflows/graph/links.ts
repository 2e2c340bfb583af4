import type { Graph, GraphNode } from "@darkroom/contracts";

/** A link of an input: the node and the output slot it comes from. */
export interface Link {
  readonly from: string;
  readonly slot: number;
}

/**
 * The link that an input's value is; null for a plain value, or a list that is no link. A node is named by a text: ComfyUI
 * finds none by a number. Its Python takes `true` for 1, and counts slots below 0 from the last.
 */
export function linkOf(value: unknown): Link | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, slot] = value;
  const number = typeof slot === "boolean" ? Number(slot) : slot;
  return typeof from === "string" && Number.isInteger(number) ? { from, slot: number } : null;
}

/** The links of a node, by input. */
export function linksOf(node: GraphNode): [input: string, link: Link][] {
  return Object.entries(node.inputs).flatMap(([input, value]): [string, Link][] => {
    const link = linkOf(value);
    return link === null ? [] : [[input, link]];
  });
}

/** What a person calls a node: the title it was given, else its class. */
export function titleOf(graph: Graph, nodeId: string): string {
  const node = graph[nodeId];
  const title = node?._meta?.title?.trim();
  return title !== undefined && title !== "" ? title : (node?.class_type ?? nodeId);
}

/** Every node that the given ones depend on, themselves included. */
export function upstreamOf(graph: Graph, nodeIds: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = nodeIds.filter((nodeId) => graph[nodeId] !== undefined);
  for (let nodeId = waiting.pop(); nodeId !== undefined; nodeId = waiting.pop()) {
    if (reached.has(nodeId)) continue;
    reached.add(nodeId);
    const node = graph[nodeId];
    if (node === undefined) continue;
    for (const [, { from }] of linksOf(node)) if (graph[from] !== undefined) waiting.push(from);
  }
  return reached;
}

/** The first ring of nodes that depend on one another; null without one. */
export function cycleOf(graph: Graph): readonly string[] | null {
  const cleared = new Set<string>();
  for (const start of Object.keys(graph)) {
    // By hand and not by recursion: a graph may be as deep as it has nodes.
    const path: { nodeId: string; rest: string[] }[] = [];
    const enter = (nodeId: string): void => {
      const node = graph[nodeId];
      path.push({ nodeId, rest: node === undefined ? [] : linksOf(node).map(([, { from }]) => from) });
    };
    if (!cleared.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        cleared.add(top.nodeId);
        path.pop();
        continue;
      }
      const at = path.findIndex(({ nodeId }) => nodeId === next);
      if (at >= 0) return path.slice(at).map(({ nodeId }) => nodeId);
      if (!cleared.has(next)) enter(next);
    }
  }
  return null;
}
