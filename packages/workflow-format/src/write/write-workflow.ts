import type { Graph, SharedWorkflow, WorkflowDefinition } from "@darkroom/contracts";
import { convertWorkflow } from "../convert.ts";
import { layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";
import { arrange, inOrder } from "./arrange.ts";
import { nodeNumbers } from "./node-numbers.ts";
import { type FileNode, sizeOf, slotsIn, widgetsOf } from "./write-node.ts";

/** A link of the file: its number, from which node and output, to which node and input, and the type of both. */
type FileLink = readonly [id: number, from: number, output: number, to: number, input: number, type: string];

/** A file that ComfyUI's editor opens (schema 0.4), with what a workflow of ours is beside its graph. */
export interface WorkflowDocument {
  readonly version: 0.4;
  readonly revision: 0;
  readonly last_node_id: number;
  readonly last_link_id: number;
  readonly nodes: readonly FileNode[];
  readonly links: readonly FileLink[];
  readonly groups: readonly [];
  readonly config: Readonly<Record<string, never>>;
  readonly extra: { readonly darkroom: SharedWorkflow };
}

/** A workflow as a file of the editor, and what the editor does not show of it, in sentences. */
export interface WrittenWorkflow {
  readonly file: WorkflowDocument;
  readonly notes: readonly string[];
}

/**
 * A workflow as ComfyUI's editor saves one: the inverse of `convertWorkflow`. Read again it gives the same graph and the same
 * form.
 *
 * @param layouts the classes of the connected servers; the values of other classes are written by name
 */
export function writeWorkflow(definition: WorkflowDefinition, layouts: NodeLayouts): WrittenWorkflow {
  const { graph, positions: _, ...form } = definition;
  const numbers = nodeNumbers(Object.keys(graph));
  const drawing = drawingOf(definition, numbers, layouts);
  // Reading it again tells what the file loses and what it adds.
  const read = convertWorkflow(drawing, layouts).graph;
  const readInputs = (id: string): Inputs => read[String(numbers.get(id))]?.inputs ?? {};
  const kept = Object.entries(graph).flatMap(([id, { inputs }]) => only(id, inputs, readInputs(id)));
  const filled = Object.entries(graph).flatMap(([id, { inputs }]) => only(id, readInputs(id), inputs));
  const renamed = [...numbers].filter(([id, number]) => id !== String(number));
  const darkroom: SharedWorkflow = {
    ...{ format: 1, ...form },
    ids: Object.fromEntries(renamed.map(([id, number]) => [String(number), id])),
    kept: Object.fromEntries(kept),
    filled: Object.fromEntries(filled),
  };
  return {
    file: { ...drawing, extra: { darkroom } },
    notes: [...unknownClasses(graph, layouts), ...kept.map(([id, inputs]) => keptNote(graph, id, Object.keys(inputs)))],
  };
}

type Inputs = Readonly<Record<string, unknown>>;

/** The inputs of a node that `one` has and `other` has not, with its id; nothing if there are none. */
function only(id: string, one: Inputs, other: Inputs): [string, Inputs][] {
  const names = Object.keys(one).filter((name) => !Object.hasOwn(other, name));
  return names.length === 0 ? [] : [[id, Object.fromEntries(names.map((name) => [name, one[name]]))]];
}

/** The nodes and links, placed. */
function drawingOf(
  { graph, parameters, bindings, positions }: WorkflowDefinition,
  numbers: ReadonlyMap<string, number>,
  layouts: NodeLayouts,
): Omit<WorkflowDocument, "extra"> {
  const numberOf = (id: string): number => numbers.get(id) ?? 0;
  const nodes = Object.entries(graph).map(([id, node]) => {
    const layout = layoutOf(layouts, node.class_type);
    return { id: numberOf(id), key: id, node, layout, slots: slotsIn(graph, node, layout) };
  });
  // A node of a class that nobody describes has an output at least: without, and without links, it would be taken for a note.
  const outputTypes = new Map(nodes.map(({ id, layout }) => [id, [...(layout?.outputs ?? ["*"])]]));
  const links: FileLink[] = [];
  for (const { id, slots } of nodes) {
    for (const [index, { from, type }] of slots.entries()) {
      if (from === null) continue;
      const types = outputTypes.get(numberOf(from.node)) ?? [];
      while (types.length <= from.slot) types.push("*");
      const carried = types[from.slot] ?? "*";
      links.push([links.length + 1, numberOf(from.node), from.slot, id, index, carried === "*" ? type : carried]);
    }
  }
  const boxes = nodes.map(({ id, slots, layout }) => {
    const [width, height] = sizeOf(slots, layout, outputTypes.get(id)?.length ?? 0);
    return { id, width, height, from: links.filter(([, , , to]) => to === id).map(([, from]) => from) };
  });
  // A drawing that lacks a node says nothing of where that would not lie on another.
  const isDrawn = positions !== undefined && nodes.every(({ key }) => positions[key] !== undefined);
  const places = isDrawn ? new Map(nodes.map(({ id, key }) => [id, positions[key]])) : arrange(boxes);
  const order = new Map(inOrder(boxes).map(({ id }, index) => [id, index]));
  const seeds = new Set(parameters.filter(({ kind }) => kind === "seed").map(({ name }) => name));
  return {
    ...{ version: 0.4, revision: 0, groups: [], config: {} },
    last_node_id: Math.max(0, ...numbers.values()),
    last_link_id: links.length,
    nodes: nodes.map(({ id, key, node, layout, slots }, index): FileNode => {
      const bound = bindings.filter((binding) => binding.node === key && seeds.has(binding.parameter));
      const title = node._meta?.title;
      return {
        ...{ id, type: node.class_type, flags: {}, mode: 0, order: order.get(id) ?? index },
        ...(title === undefined || title === node.class_type ? {} : { title }),
        pos: places.get(id) ?? [0, 0],
        size: [boxes[index]?.width ?? 300, boxes[index]?.height ?? 100],
        inputs: slots.map(({ name, type, isWidget }, slot) => ({
          ...{ name, type },
          ...(isWidget ? { widget: { name } } : {}),
          link: links.find(([, , , to, input]) => to === id && input === slot)?.[0] ?? null,
        })),
        outputs: (outputTypes.get(id) ?? []).map((type, output) => ({
          ...{ name: type, type },
          links: links.filter(([, from, slot]) => from === id && slot === output).map(([link]) => link),
        })),
        ...widgetsOf(node, slots, layout, new Set(bound.map(({ input }) => input))),
      };
    }),
    links,
  };
}

function unknownClasses(graph: Graph, layouts: NodeLayouts): string[] {
  const classes = new Set(Object.values(graph).map(({ class_type }) => class_type));
  const unknown = [...classes].filter((name) => layoutOf(layouts, name) === undefined).map((name) => `“${name}”`);
  if (unknown.length === 0) return [];
  return [
    `No connected server has ${unknown.join(", ")}. In which order ComfyUI's editor keeps their values is not known, so the file has them by name; look at these nodes after opening it there.`,
  ];
}

function keptNote(graph: Graph, id: string, inputs: readonly string[]): string {
  const { class_type, _meta } = graph[id] ?? {};
  const names = inputs.map((name) => `“${name}”`).join(", ");
  return `ComfyUI's editor has no widget for ${names} of “${_meta?.title ?? class_type}” (node ${id}). Darkroom reads it from the file again; ComfyUI's editor leaves it out.`;
}
