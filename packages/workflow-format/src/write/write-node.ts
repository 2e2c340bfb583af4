import type { Graph, GraphNode, LayoutInput, NodeLayout } from "@darkroom/contracts";
import { own } from "../json.ts";
import { ownPlaces } from "../values/own-widgets.ts";
import { type HeldValues, widgetList, widgetsByName } from "./widget-list.ts";

/** An input slot of a node in the file. A widget has a slot only while a link replaces it. */
interface FileInput {
  readonly name: string;
  readonly type: string;
  readonly link: number | null;
  readonly widget?: { readonly name: string };
}

/** A node as the editor saves it. */
export interface FileNode {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly pos: readonly [number, number];
  readonly size: readonly [number, number];
  readonly flags: Readonly<Record<string, never>>;
  readonly order: number;
  readonly mode: 0;
  readonly inputs: readonly FileInput[];
  readonly outputs: readonly { readonly name: string; readonly type: string; readonly links: readonly number[] }[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly widgets_values: readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** An input slot and what feeds it; null: nothing. */
export interface Slot {
  readonly name: string;
  readonly type: string;
  readonly isWidget: boolean;
  readonly from: { readonly node: string; readonly slot: number } | null;
}

/** The input slots of a node: the sockets of its class, then the widgets and growing inputs that a link feeds. */
export function slotsIn(graph: Graph, node: GraphNode, layout: NodeLayout | undefined): Slot[] {
  const declared = new Map(layout?.inputs.map((input) => [input.name, input]));
  const sockets = [...declared.values()].filter((input) => input.widget === undefined && !grows(input));
  const linked = Object.keys(node.inputs).filter((name) => isLink(graph, node.inputs[name]));
  return [...new Set([...sockets.map(({ name }) => name), ...linked])].map((name) => {
    const { type = "*", widget, unknown } = declared.get(name) ?? {};
    const value = own(node.inputs, name);
    const from = isLink(graph, value) ? { node: value[0], slot: value[1] } : null;
    // A type that only a pack knows is the type of a widget where the graph has a value for it.
    const holdsValue = unknown === true && value !== undefined && from === null;
    return { name, type, isWidget: widget === true || holdsValue, from };
  });
}

/** A template for inputs that the node adds one by one; it is no slot itself. */
function grows({ type }: LayoutInput): boolean {
  return type === "COMFY_AUTOGROW_V3";
}

/** No node has as many outputs, and each one before a link's is written. */
const MOST_OUTPUTS = 1000;

/** A list of a node that the graph has and of one of its outputs. */
function isLink(graph: Graph, value: unknown): value is readonly [string, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, slot] = value;
  return (
    typeof from === "string" && Object.hasOwn(graph, from) && Number.isInteger(slot) && slot >= 0 && slot < MOST_OUTPUTS
  );
}

/** What a node's widgets hold: by position, or by name where no server says the order. */
export function widgetsOf(
  node: GraphNode,
  slots: readonly Slot[],
  layout: NodeLayout | undefined,
  drawn: ReadonlySet<string>,
): Pick<FileNode, "widgets_values" | "properties"> {
  const held: HeldValues = { inputs: node.inputs, drawn };
  const ofPack = new Set(slots.filter(({ isWidget, from }) => isWidget && from === null).map(({ name }) => name));
  const inputs = (layout?.inputs ?? []).map((input) =>
    ofPack.has(input.name) ? { ...input, widget: true as const } : input,
  );
  const { values, properties } = ownPlaces(node);
  return {
    widgets_values: isByName(layout) ? widgetsByName(inputs, held) : [...widgetList(inputs, held), ...values],
    properties: { "Node name for S&R": node.class_type, ...properties },
  };
}

/** Classes that nobody describes, and those whose choices add widgets in the way of VideoHelperSuite. */
function isByName(layout: NodeLayout | undefined): boolean {
  return layout === undefined || layout.inputs.some(({ type, options }) => type === "COMBO" && options !== undefined);
}

/** About how large the editor draws a node; it is never smaller than its content there. */
export function sizeOf(slots: readonly Slot[], layout: NodeLayout | undefined, outputs: number): [number, number] {
  const widgets = layout?.inputs.filter(({ widget }) => widget !== undefined) ?? [];
  const texts = widgets.filter(({ dynamicPrompts }) => dynamicPrompts === true).length;
  const rows = Math.max(slots.length, outputs) + widgets.length - texts;
  return [texts > 0 ? 400 : 300, Math.max(1, rows) * 24 + texts * 110 + 12];
}
