import { fieldsOf, idOf, listOf, wholeOf } from "../json.ts";
import { type EditorLink, type EditorNode, SUBGRAPH_OUTPUT } from "./editor-workflow.ts";
import type { Links } from "./read-links.ts";
import { virtualNodes } from "./virtual-nodes.ts";

/** The nodes of a graph and the links between them. */
interface Linked extends Links {
  readonly nodes: readonly EditorNode[];
}

/**
 * A graph with the links that cg-use-everywhere makes when its page exports. Since its version 7 it notes them in the file, as
 * `extra.ue_links` of each graph: from an output to an input that nothing is linked to, by their slots. Its own nodes have
 * done their work then. Without that note the graph stays as it is.
 */
export function withBroadcasts({ nodes, links, leaving }: Linked, extra: unknown): Linked {
  const { ue_links: noted } = fieldsOf(extra);
  if (!Array.isArray(noted)) return { nodes, links, leaving };
  const broadcasts = listOf(noted).flatMap((entry, index) => readBroadcast(entry, `broadcast ${index}`) ?? []);
  const fed = nodes
    .filter(({ type }) => virtualNodes.get(type) !== "broadcast")
    .map((node) => ({
      ...node,
      inputs: node.inputs.map((input, slot) => {
        const found = broadcasts.find(
          (each) => each.to === node.id && each.toSlot === slot && [each.type, "*"].includes(input.type),
        );
        return input.link !== null || found === undefined ? input : { ...input, link: found.id };
      }),
    }));
  const out = broadcasts.filter(({ to }) => to === SUBGRAPH_OUTPUT).map(({ toSlot, link }) => [toSlot, link] as const);
  return {
    nodes: fed,
    links: new Map([...links, ...broadcasts.map(({ id, link }) => [id, link] as const)]),
    leaving: new Map([...out, ...leaving]),
  };
}

interface Broadcast {
  readonly id: string;
  readonly to: string;
  readonly toSlot: number;
  readonly type: string;
  readonly link: EditorLink;
}

function readBroadcast(value: unknown, id: string): Broadcast | null {
  const { downstream, downstream_slot, upstream, upstream_slot, type } = fieldsOf(value);
  const [to, toSlot, from, slot] = [idOf(downstream), wholeOf(downstream_slot), idOf(upstream), wholeOf(upstream_slot)];
  if (to === null || toSlot === null || from === null || slot === null) return null;
  return { id, to, toSlot, type: typeof type === "string" ? type : "*", link: { from, slot } };
}
