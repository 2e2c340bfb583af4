import { Graph as LayoutGraph, layout } from "@dagrejs/dagre";
import type { Graph, Positions } from "@darkroom/contracts";
import { type Link, linksOf } from "./node-states.ts";

export const NODE = { width: 190, height: 58 };

export interface PlacedGraph {
  readonly nodes: readonly { readonly id: string; readonly x: number; readonly y: number }[];
  readonly links: readonly Link[];
}

/** The editor draws a node with all its widgets, three times as high as ours: its drawing is taken smaller. */
const SCALE = 0.6;

/**
 * Places a graph as its author drew it; where nobody drew it, or not all of it, from left to right: what ComfyUI is sent has no places of
 * its own.
 */
export function placeGraph(graph: Graph, positions: Positions | null): PlacedGraph {
  const drawn = Object.keys(graph).map((id) => ({ id, at: positions?.[id] }));
  if (drawn.length === 0 || drawn.some(({ at }) => at === undefined)) return arrange(graph);
  const nodes = drawn.map(({ id, at: [x, y] = [0, 0] }) => ({ id, x: x * SCALE, y: y * SCALE }));
  return { nodes, links: linksOf(graph) };
}

function arrange(graph: Graph): PlacedGraph {
  const plan = new LayoutGraph();
  plan.setGraph({ rankdir: "LR", nodesep: 22, ranksep: 56 });
  plan.setDefaultEdgeLabel(() => ({}));
  const links = linksOf(graph);
  for (const id of Object.keys(graph)) plan.setNode(id, { ...NODE });
  for (const { from, to } of links) plan.setEdge(from, to);
  layout(plan);
  const nodes = Object.keys(graph).map((id) => {
    // Dagre gives centers.
    const { x, y } = plan.node(id) as { x: number; y: number };
    return { id, x: x - NODE.width / 2, y: y - NODE.height / 2 };
  });
  return { nodes, links };
}
