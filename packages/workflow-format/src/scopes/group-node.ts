import type { LayoutInput } from "@darkroom/contracts";
import { type Fields, fieldsOf, idOf, listOf, textOf, wholeOf } from "../json.ts";
import { layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";
import {
  type EditorInput,
  type EditorLink,
  type EditorNode,
  SUBGRAPH_INPUT,
  type Subgraph,
} from "../read/editor-workflow.ts";
import { readNode } from "../read/read-node.ts";

/** The name of the legacy group that a node stands for: `workflow>name`, in older files `workflow/name`. */
export function groupName(type: string): string | null {
  return /^workflow[>/](.+)$/s.exec(type)?.[1] ?? null;
}

/** An input of a node in a group, and what the group's own node calls it. */
interface GroupInput {
  readonly name: string;
  readonly index: number;
  readonly input: LayoutInput;
}

/**
 * A legacy group node as a subgraph of its own, so that all the rest is as with subgraphs. The ids inside are the places in
 * the group's list, links inside are lists `[from, slot, to, slot, …]` of such places, and the values of what is inside
 * stand in the node itself (frontend 1.45.0, whose own export of groups fails; ids as in graphs that older ones wrote).
 */
export function readGroup(name: string, value: unknown, holder: EditorNode, layouts: NodeLayouts): Subgraph {
  const fields = fieldsOf(value);
  const nodes = listOf(fields.nodes).flatMap((entry, index) => readNode({ ...fieldsOf(entry), id: index }) ?? []);
  const fed = innerLinks(fields.links);
  const external = new Set(listOf(fields.external).map((entry) => externalKey(listOf(entry))));
  const config = fieldsOf(fields.config);
  const named = groupInputs({ nodes, fed, config, layouts });
  const values = groupValues(named, holder);
  const slots = named.filter(({ name: slot }) =>
    holder.inputs.some((input) => input.name === slot && input.link !== null),
  );
  const links = new Map<string, EditorLink>();
  const linked = nodes.map((node): EditorNode => {
    const index = Number(node.id);
    const link = (input: EditorInput): string | null => {
      const key = `${index}:${input.name}`;
      const outer = slots.findIndex((slot) => slot.index === index && slot.input.name === input.name);
      const from =
        outer >= 0 ? { from: SUBGRAPH_INPUT, slot: outer } : fed.get(`${index}:${node.inputs.indexOf(input)}`);
      if (from !== undefined) links.set(key, from);
      return from === undefined ? null : key;
    };
    const inputs = withInputs(
      node,
      slots.filter((slot) => slot.index === index),
    );
    return {
      ...node,
      inputs: inputs.map((input) => ({ ...input, link: link(input) })),
      values: isPrimitive(node) ? primitiveValues(values.get(index), node) : (values.get(index) ?? node.values),
    };
  });
  const used = new Set([...fed.values()].map(({ from, slot }) => `${from}:${slot}`));
  const outputs = nodes.flatMap((node) =>
    node.outputs.flatMap((_, slot) => {
      const key = `${node.id}:${slot}`;
      const { visible } = fieldsOf(fieldsOf(fieldsOf(config[node.id]).output)[slot]);
      const isShown = typeof visible === "boolean" ? visible : !used.has(key) || external.has(key);
      return isShown ? [{ from: node.id, slot }] : [];
    }),
  );
  return {
    name,
    nodes: new Map(linked.map((node) => [node.id, node])),
    links,
    inputs: slots.map((slot) => ({ name: slot.name, type: slot.input.type })),
    promoted: [],
    outputs,
  };
}

/** `node:slot` of an output that the group shows although something inside is linked to it. Some files name the node itself. */
function externalKey([node, slot]: readonly unknown[]): string {
  return `${fieldsOf(node).index ?? node}:${slot}`;
}

/** What feeds each input inside, by `node:slot`. */
function innerLinks(value: unknown): Map<string, EditorLink> {
  return new Map(
    listOf(value).flatMap((entry) => {
      const [from, slot, to, toSlot] = listOf(entry);
      const [origin, originSlot] = [idOf(from), wholeOf(slot)];
      return origin === null || originSlot === null
        ? []
        : [[`${to}:${toSlot}`, { from: origin, slot: originSlot }] as const];
    }),
  );
}

/** A Primitive has its value by position. */
function primitiveValues(dealt: Readonly<Record<string, unknown>> | undefined, node: EditorNode): EditorNode["values"] {
  return dealt === undefined ? node.values : [dealt.value];
}

function isPrimitive({ type }: EditorNode): boolean {
  return type === "PrimitiveNode";
}

/** The value of a Primitive, with what its own file has behind it. */
function primitiveInput({ values }: EditorNode): LayoutInput {
  const places = Array.isArray(values) ? values.length : 1;
  return { name: "value", type: "*", required: true, widget: true, extraPlaces: Math.max(0, places - 1) };
}

interface Group {
  readonly nodes: readonly EditorNode[];
  readonly fed: ReadonlyMap<string, EditorLink>;
  /** What its author set in “Manage group node”, by node: other names of inputs, and which outputs are shown. */
  readonly config: Fields;
  readonly layouts: NodeLayouts;
}

/**
 * What the group's node offers of its inside, under the name that its author gave it. A name that is taken already gets the node's
 * title before it, as does the value of a Primitive that has one. What is hidden keeps its place among the values.
 */
function groupInputs(group: Group): GroupInput[] {
  const { nodes, fed, config } = group;
  const taken = new Set<string>();
  return nodes.flatMap((node) => {
    const index = Number(node.id);
    const given = fieldsOf(fieldsOf(config[node.id]).input);
    const isFed = ({ name }: LayoutInput): boolean =>
      fed.has(`${index}:${node.inputs.findIndex((input) => input.name === name)}`);
    const isTitled = isPrimitive(node) && node.title !== null;
    return inputsInside(group, node)
      .filter((input) => !isFed(input))
      .map((input) => {
        const own = isReroute(node) ? input.type : input.name;
        const wanted = textOf(fieldsOf(given[own]).name) ?? own;
        const name = isTitled || taken.has(wanted) ? `${node.title ?? node.type} ${wanted}` : wanted;
        taken.add(name);
        return { name, index, input };
      });
  });
}

function inputsInside({ nodes, fed, layouts }: Group, node: EditorNode): readonly LayoutInput[] {
  if (isPrimitive(node)) return [primitiveInput(node)];
  if (!isReroute(node)) return layoutOf(layouts, node.type)?.inputs ?? [];
  // A Reroute is called by what it brings, which the first that it feeds says.
  const [target] = [...fed].filter(([, link]) => link.from === node.id).map(([key]) => key.split(":"));
  const fedNode = nodes.find(({ id }) => id === target?.[0]);
  const slot = fedNode?.inputs[Number(target?.[1])];
  const known = layoutOf(layouts, fedNode?.type ?? "")?.inputs.find(({ name }) => name === slot?.name);
  return node.inputs.slice(0, 1).map(({ name }) => ({ name, type: known?.type ?? slot?.type ?? "*", required: false }));
}

function isReroute({ type }: EditorNode): boolean {
  return type === "Reroute";
}

/**
 * The values of the group's node, dealt out to what is inside of it, by the names of their inputs. The file has the order in
 * the inputs of the node; files of before 2025 have none there, and follow the order of the nodes.
 */
function groupValues(
  named: readonly GroupInput[],
  { values, inputs }: EditorNode,
): Map<number, Record<string, unknown>> {
  const dealt = new Map<number, Record<string, unknown>>();
  if (!Array.isArray(values)) return dealt;
  const listed = inputs.flatMap(({ widget }) => named.filter(({ name }) => name === widget));
  const widgets = named.filter(({ input }) => input.widget);
  let at = 0;
  for (const { index, input } of listed.length === widgets.length ? listed : widgets) {
    if (at < values.length) dealt.set(index, { ...dealt.get(index), [input.name]: values[at] });
    at += 1 + (input.extraPlaces ?? 0);
  }
  return dealt;
}

/** The node with a slot for everything that is linked from outside: a file leaves out those of widgets without a link. */
function withInputs(node: EditorNode, slots: readonly GroupInput[]): readonly EditorInput[] {
  const missing = slots.filter(({ input }) => !node.inputs.some(({ name }) => name === input.name));
  return [
    ...node.inputs,
    ...missing.map(({ input }) => ({
      name: input.name,
      type: input.type,
      link: null,
      widget: input.widget ? input.name : null,
    })),
  ];
}
