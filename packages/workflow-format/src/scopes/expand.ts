import { own } from "../json.ts";
import type { NodeLayouts } from "../layout/read-layouts.ts";
import {
  BYPASSED,
  type EditorGraph,
  type EditorNode,
  type EditorWorkflow,
  MUTED,
  type Subgraph,
} from "../read/editor-workflow.ts";
import { withSlots } from "../read/subgraph-slots.ts";
import { groupName, readGroup } from "./group-node.ts";
import type { Scope } from "./scope.ts";

/** More nodes than any workflow has: nested subgraphs can stand for billions in a file of some kilobytes. */
export const MOST_NODES = 5000;
const DEEPEST = 100;

/** A node that stands for a graph which cannot be put in its place. */
export interface Unexpanded {
  readonly scope: Scope;
  readonly node: EditorNode;
  readonly why: Undeclared | "contains itself" | "too large";
}
type Undeclared = "undeclared group" | "undeclared subgraph";

/**
 * Puts the inside of every subgraph and legacy group node in its place, once for each node that stands for it. Nothing runs in
 * those that are muted or bypassed themselves. Of one inside another subgraph the editor does not ask: it mutes or bypasses what
 * is in it as well, and sends what is not (frontend 1.45.0).
 */
export function expand(workflow: EditorWorkflow, layouts: NodeLayouts): { root: Scope; unexpanded: Unexpanded[] } {
  const unexpanded: Unexpanded[] = [];
  let count = 0;

  function scopeOf(
    graph: EditorGraph,
    place: readonly string[],
    path: string,
    outside: Scope["outside"],
    around: readonly Subgraph[],
  ): Scope {
    count += graph.nodes.size;
    const inside = new Map<string, Scope>();
    const scope: Scope = { graph, path, place, outside, inside };
    for (const node of graph.nodes.values()) {
      const isOff = node.mode === MUTED || node.mode === BYPASSED;
      if (isOff && outside === null) continue;
      const subgraph = insideOf(node, workflow, layouts);
      if (subgraph === null) continue;
      const why = refusal(subgraph);
      if (why !== null) {
        if (!isOff) unexpanded.push({ scope, node, why });
      } else if (typeof subgraph !== "string") {
        const name = node.title ?? subgraph.name;
        inside.set(
          node.id,
          scopeOf(
            subgraph,
            [...place, name],
            `${path}${node.id}:`,
            { scope, holder: withSlots(node, subgraph), subgraph },
            [...around, subgraph],
          ),
        );
      }
    }
    return scope;

    function refusal(subgraph: Subgraph | Undeclared): Unexpanded["why"] | null {
      if (typeof subgraph === "string") return subgraph;
      if (around.includes(subgraph)) return "contains itself";
      return around.length >= DEEPEST || count + subgraph.nodes.size > MOST_NODES ? "too large" : null;
    }
  }

  return { root: scopeOf(workflow, [], "", null, []), unexpanded };
}

/** What a node stands for; null for an ordinary one. */
function insideOf(node: EditorNode, workflow: EditorWorkflow, layouts: NodeLayouts): Subgraph | Undeclared | null {
  const subgraph = workflow.subgraphs.get(node.type);
  if (subgraph !== undefined) return subgraph;
  if (isSubgraphId(node.type)) return "undeclared subgraph";
  const name = groupName(node.type);
  if (name === null) return null;
  const group = own(workflow.groups, name);
  return group === undefined ? "undeclared group" : readGroup(name, group, node, layouts);
}

/** The editor gives subgraphs ids of this form, which no class has. */
function isSubgraphId(type: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(type);
}
