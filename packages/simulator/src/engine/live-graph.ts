import type { Graph } from "../protocol/graph.ts";
import type { NodePlace } from "../transport/sockets.ts";

/** A prompt's graph while it runs: nodes may expand into others, which join it. */
export interface LiveGraph {
  /** Grows in place with each expansion, because the execution order holds on to it. */
  readonly nodes: Graph;
  /** Where a node is shown; a node of the prompt itself is its own place. */
  placeOf(id: string): NodePlace;
  /** Adds the nodes that `id` expanded into, shown as part of it. */
  expand(id: string, expansion: Graph): void;
}

export function createLiveGraph(graph: Graph): LiveGraph {
  const nodes: Graph = { ...graph };
  const places = new Map<string, NodePlace>();
  const placeOf = (id: string): NodePlace => places.get(id) ?? { display: id, parent: null, real: id };
  return {
    nodes,
    placeOf,
    expand(id, expansion) {
      const { display, real } = placeOf(id);
      for (const [inner, node] of Object.entries(expansion)) {
        nodes[inner] = node;
        places.set(inner, { display, parent: id, real });
      }
    },
  };
}
