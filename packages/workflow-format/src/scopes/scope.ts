import type { EditorGraph, EditorNode, Subgraph } from "../read/editor-workflow.ts";

/** A graph where it stands: the whole file's, or a subgraph's for one of the nodes that stand for it. */
export interface Scope {
  readonly graph: EditorGraph;
  /** What the ids of its nodes have before them in the graph that is sent: `""`, `"2:"`, `"2:401:"`. */
  readonly path: string;
  /** The names of the subgraphs around it, from the outside. */
  readonly place: readonly string[];
  /** The node that this scope is the inside of, and where that node stands; null for the whole file's. */
  readonly outside: { readonly scope: Scope; readonly holder: EditorNode; readonly subgraph: Subgraph } | null;
  /** The insides of its nodes that run and stand for a subgraph, by their ids. */
  readonly inside: ReadonlyMap<string, Scope>;
}

/** The id of a node in the graph that is sent. */
export function pathOf(scope: Scope, node: EditorNode): string {
  return `${scope.path}${node.id}`;
}

/** A scope and all that are inside of it, from the outside. */
export function* scopesOf(scope: Scope): Generator<Scope> {
  yield scope;
  for (const inside of scope.inside.values()) yield* scopesOf(inside);
}
