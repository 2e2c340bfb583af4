import type { Finding, Graph, GraphNode, Positions } from "@darkroom/contracts";
import { broadcasting, lost, packOf, type Standing, unexpandedFinding, unlinked, unnamedLinks } from "./findings.ts";
import { layoutOf, type NodeLayouts } from "./layout/read-layouts.ts";
import { BYPASSED, type EditorNode, MUTED } from "./read/editor-workflow.ts";
import { readWorkflow } from "./read/read-workflow.ts";
import { strayInputs } from "./read/subgraph-slots.ts";
import { virtualNodes } from "./read/virtual-nodes.ts";
import { expand } from "./scopes/expand.ts";
import { pathOf, type Scope, scopesOf } from "./scopes/scope.ts";
import { nodeInputs } from "./values/node-inputs.ts";

/** A file of the editor as what a server runs. */
export interface Conversion {
  /** In API format. Node ids inside subgraphs are paths: `2:401`. */
  readonly graph: Graph;
  /** What could not be read, what is left out, and what was filled in; in the order of the file. */
  readonly findings: readonly Finding[];
  /** Where the file draws each node of the graph; null where one has no place of its own, as inside a subgraph. */
  readonly positions: Positions | null;
}

/**
 * What ComfyUI's editor sends to a server for a file that it saved (frontend 1.45.0). Texts stay as they are written:
 * `drawTexts` does at each run what the editor does to them when it exports.
 *
 * @param workflow as `parseGraphText` read it, so that large numbers keep their digits; never throws, whatever it is
 * @param layouts the classes of the connected servers
 */
export function convertWorkflow(workflow: unknown, layouts: NodeLayouts): Conversion {
  const { root, unexpanded } = expand(readWorkflow(workflow), layouts);
  const stuck = new Set(unexpanded.map(({ node }) => node));
  // One node too many is enough to say.
  const tooLarge = unexpanded.find(({ why }) => why === "too large");
  const findings = unexpanded
    .filter((each) => each.why !== "too large" || each === tooLarge)
    .map((each) => unexpandedFinding(each));
  const graph = new Map<string, GraphNode>();
  for (const scope of scopesOf(root)) {
    findings.push(...strayLinks(scope));
    const unnamed = unnamedIn(scope);
    for (const node of scope.graph.nodes.values()) {
      const standing = { scope, node };
      if (stuck.has(node) || !runs(standing)) continue;
      const layout = layoutOf(layouts, node.type);
      if (virtualNodes.get(node.type) === "broadcast") findings.push(broadcasting(standing));
      else if (layout === undefined && isUnlinked(node)) findings.push(unlinked(standing));
      else {
        const { inputs, findings: found } = nodeInputs(standing, layouts, layout);
        findings.push(...found);
        const count = unnamed.get(node.id);
        if (count !== undefined) findings.push(unnamedLinks(standing, count));
        const pack = packOf(node);
        const _meta = { title: node.title ?? node.type, ...(pack === null ? {} : { pack }) };
        graph.set(pathOf(scope, node), { class_type: node.type, inputs, _meta });
      }
    }
  }
  return { graph: withoutLooseLinks(graph), findings, positions: positionsOf(root, graph) };
}

function positionsOf({ graph: { nodes } }: Scope, graph: ReadonlyMap<string, GraphNode>): Positions | null {
  const places = [...graph.keys()].map((id) => [id, nodes.get(id)?.position ?? null] as const);
  const known = places.flatMap(([id, place]): [string, [number, number]][] =>
    place === null ? [] : [[id, [...place]]],
  );
  return known.length === places.length ? Object.fromEntries(known) : null;
}

/** The links into a scope that lead to nothing in it. */
function strayLinks({ outside }: Scope): Finding[] {
  if (outside === null) return [];
  const standing = { scope: outside.scope, node: outside.holder };
  return strayInputs(outside.holder, outside.subgraph).map(({ name }) =>
    lost(standing, name, "slot missing", pathOf(outside.scope, outside.holder)),
  );
}

/** How many links of the graph lead to each node that names none; the editor writes every one into its input, too. */
function unnamedIn({ graph: { nodes, links } }: Scope): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { to } of links.values()) {
    const node = to === undefined ? undefined : nodes.get(to);
    if (node === undefined || node.inputs.some(({ link }) => link !== null)) continue;
    counts.set(node.id, (counts.get(node.id) ?? 0) + 1);
  }
  return counts;
}

/** Neither muted nor bypassed, of the editor alone, nor in the place of its inside. A broadcast runs: it is told of. */
function runs({ scope, node }: Standing): boolean {
  if (node.mode === MUTED || node.mode === BYPASSED || scope.inside.has(node.id)) return false;
  const kind = virtualNodes.get(node.type);
  return kind === undefined || kind === "broadcast";
}

function isUnlinked({ inputs, outputs }: EditorNode): boolean {
  return outputs.length === 0 && inputs.every(({ link }) => link === null);
}

/** The editor takes out links from nodes that it did not export, as its last step. */
function withoutLooseLinks(nodes: ReadonlyMap<string, GraphNode>): Graph {
  const isLoose = (value: unknown): boolean => Array.isArray(value) && !nodes.has(String(value[0]));
  return Object.fromEntries(
    [...nodes].map(([id, node]) => {
      const inputs = Object.entries(node.inputs);
      return [
        id,
        inputs.some(([, value]) => isLoose(value))
          ? { ...node, inputs: Object.fromEntries(inputs.filter(([, value]) => !isLoose(value))) }
          : node,
      ];
    }),
  );
}
