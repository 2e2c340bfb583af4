import { type Fields, fieldsOf, idOf, listOf, textOf, wholeOf } from "../json.ts";
import { withBroadcasts } from "./broadcast-links.ts";
import type { EditorGraph, EditorLink, EditorNode, EditorWorkflow, Promoted, Subgraph } from "./editor-workflow.ts";
import { readLinks } from "./read-links.ts";
import { readNode, readType } from "./read-node.ts";
import { createRenumbering } from "./subgraph-ids.ts";
import { withSlots } from "./subgraph-slots.ts";

/** True for what ComfyUI's editor saves: a list of nodes. A graph in API format has its nodes by id. */
export function isEditorWorkflow(value: unknown): boolean {
  return Array.isArray(fieldsOf(value).nodes);
}

/** A file of the editor, of schema 0.4 or 1, in one form. What cannot be read of it is left out. */
export function readWorkflow(value: unknown): EditorWorkflow {
  const fields = fieldsOf(value);
  const { nodes, links } = readGraph(fields);
  const lastId = wholeOf(fields.last_node_id) ?? wholeOf(fieldsOf(fields.state).lastNodeId) ?? 0;
  const renumber = createRenumbering(
    nodes.map(({ id }) => id),
    lastId,
  );
  const subgraphs = new Map<string, Subgraph>();
  for (const definition of listOf(fieldsOf(fields.definitions).subgraphs)) {
    const id = idOf(fieldsOf(definition).id);
    if (id !== null) subgraphs.set(id, readSubgraph(definition, renumber));
  }
  const within = <Inside extends EditorGraph>(graph: Inside): Inside => ({
    ...graph,
    nodes: new Map([...graph.nodes].map(([id, node]) => [id, withSlots(node, subgraphs.get(node.type))])),
  });
  return {
    ...within({ nodes: byId(nodes), links }),
    subgraphs: new Map([...subgraphs].map(([id, subgraph]) => [id, within(subgraph)])),
    groups: fieldsOf(fieldsOf(fields.extra).groupNodes),
  };
}

function readSubgraph(value: unknown, renumber: (nodes: readonly EditorNode[]) => Map<string, string>): Subgraph {
  const fields = fieldsOf(value);
  const { nodes, links, leaving } = readGraph(fields);
  const renamed = renumber(nodes);
  const follow = (link: EditorLink): EditorLink => ({ ...link, from: renamed.get(link.from) ?? link.from });
  return {
    name: typeof fields.name === "string" ? fields.name : "subgraph",
    nodes: byId(nodes.map((node) => ({ ...node, id: renamed.get(node.id) ?? node.id }))),
    links: new Map([...links].map(([id, link]) => [id, follow(link)])),
    inputs: listOf(fields.inputs)
      .map(fieldsOf)
      .map(({ name, type }) => ({ name: textOf(name) ?? "", type: readType(type) })),
    promoted: listOf(fields.inputs).map((input) => firstWidget(fieldsOf(input).linkIds, nodes, renamed)),
    outputs: listOf(fields.outputs).map((_, slot) => {
      const link = leaving.get(slot);
      return link === undefined ? null : follow(link);
    }),
  };
}

/** Several widgets may hang on one input slot; the first of them has the value (frontend 1.45.0). */
function firstWidget(
  linkIds: unknown,
  nodes: readonly EditorNode[],
  renamed: ReadonlyMap<string, string>,
): Promoted | null {
  for (const link of listOf(linkIds).map(idOf)) {
    for (const { id, inputs } of nodes) {
      const input = inputs.find((slot) => slot.link === link && link !== null && slot.widget !== null);
      if (input !== undefined) return { nodeId: renamed.get(id) ?? id, input: input.name };
    }
  }
  return null;
}

function readGraph({ nodes, links, extra }: Fields): ReturnType<typeof withBroadcasts> {
  return withBroadcasts({ nodes: readNodes(nodes), ...readLinks(links) }, extra);
}

function readNodes(value: unknown): EditorNode[] {
  return listOf(value).flatMap((entry) => readNode(entry) ?? []);
}

function byId(nodes: readonly EditorNode[]): Map<string, EditorNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}
