import type { Graph, Progress } from "@darkroom/contracts";

export type NodeState = "waiting" | "running" | "done" | "cached" | "unknown";

/** What is known of a run: the times that its worker heard, once it is over, and how far it is until then. */
export interface KnownRun {
  readonly nodes: readonly { readonly node: string; readonly ms: number | null; readonly isCached: boolean }[];
  readonly progress: Pick<Progress, "nodeTitle"> | null;
  readonly isOver: boolean;
}

export interface Link {
  readonly from: string;
  readonly to: string;
}

/** The graph's links, each pair of nodes once. */
export function linksOf(graph: Graph): Link[] {
  const links = new Map<string, Link>();
  for (const [to, { inputs }] of Object.entries(graph)) {
    for (const value of Object.values(inputs)) {
      const [from] = Array.isArray(value) && value.length === 2 && typeof value[1] === "number" ? value : [];
      if (typeof from === "string" && graph[from] !== undefined) links.set(`${from} ${to}`, { from, to });
    }
  }
  return [...links.values()];
}

export const titleOf = (graph: Graph, node: string): string =>
  graph[node]?._meta?.title ?? graph[node]?.class_type ?? node;

/**
 * Each node's state. While the job runs only the node at work is told; whatever it needs is done by then, because ComfyUI
 * runs a node after all that it takes from.
 */
export function nodeStates(graph: Graph, { nodes, progress, isOver }: KnownRun): ReadonlyMap<string, NodeState> {
  const ids = Object.keys(graph);
  if (isOver) {
    const heard = new Map(nodes.map((node) => [node.node, node]));
    return new Map(
      ids.map((id) => {
        const { ms = null, isCached = false } = heard.get(id) ?? {};
        return [id, isCached ? "cached" : ms === null ? "unknown" : "done"];
      }),
    );
  }
  const current = progress?.nodeTitle == null ? undefined : ids.find((id) => titleOf(graph, id) === progress.nodeTitle);
  const done = current === undefined ? new Set<string>() : ancestorsOf(graph, current);
  return new Map(ids.map((id) => [id, id === current ? "running" : done.has(id) ? "done" : "waiting"]));
}

function ancestorsOf(graph: Graph, node: string): Set<string> {
  const links = linksOf(graph);
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const { from, to } of links) {
      if (to !== id || found.has(from)) continue;
      found.add(from);
      visit(from);
    }
  };
  visit(node);
  found.delete(node);
  return found;
}
