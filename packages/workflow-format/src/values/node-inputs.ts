import type { Finding, NodeLayout } from "@darkroom/contracts";
import { defaulted, lost, type Standing, unreadable } from "../findings.ts";
import { onGrid } from "../layout/number-grid.ts";
import { inputOf, layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";
import { resolveInput } from "../links/resolve.ts";
import { declared } from "../links/slots.ts";
import type { Scope } from "../scopes/scope.ts";
import { ownWidgets } from "./own-widgets.ts";
import { namedValues, widgetValues } from "./widget-values.ts";

/** A node's inputs as a graph has them, and what is to be said of them. */
export interface NodeInputs {
  readonly inputs: Record<string, unknown>;
  readonly findings: readonly Finding[];
}

/** What a node's widgets hold, then what its links feed: a link that leads somewhere wins (frontend 1.45.0). */
export function nodeInputs(standing: Standing, layouts: NodeLayouts, layout: NodeLayout | undefined): NodeInputs {
  const { scope, node } = standing;
  const findings: Finding[] = [];
  const inputs = new Map<string, unknown>();
  for (const [name, value] of heldValues(standing, layout, findings)) inputs.set(name, value);
  for (const given of node.inputs) {
    if (given.link === null) continue;
    const input = declared(given, layout);
    const feed = resolveInput(layouts, scope, node, input);
    if (feed.kind === "node") inputs.set(input.name, [feed.id, feed.slot]);
    else if (feed.kind === "value" && input.widget !== null)
      inputs.set(input.name, enveloped(onGrid(feed.value, inputOf(layout?.inputs ?? [], input.name)?.grid)));
    else if (feed.kind === "promoted") {
      const value = promotedValue(layouts, feed.inside, feed.slot);
      if (value !== undefined) inputs.set(input.name, value);
    } else if (feed.kind === "lost") findings.push(lost(standing, input.name, feed.why, feed.at));
  }
  return { inputs: Object.fromEntries(inputs), findings };
}

function heldValues(
  standing: Standing,
  layout: NodeLayout | undefined,
  findings: Finding[],
): ReadonlyMap<string, unknown> {
  const { node } = standing;
  if (layout === undefined) {
    const values = namedValues(node);
    findings.push(unreadable(standing, values !== null));
    return values ?? new Map();
  }
  const { values, defaulted: missing } = widgetValues(node, layout);
  const linked = new Set(node.inputs.filter(({ link }) => link !== null).map(({ name }) => name));
  const noted = missing.filter((name) => !linked.has(name));
  if (noted.length > 0) findings.push(defaulted(standing, noted));
  return new Map([...values, ...ownWidgets(node)]);
}

/** The value of a subgraph's widget: that of the widget inside that it shows, however deep. Undefined: it shows none. */
function promotedValue(layouts: NodeLayouts, inside: Scope, slot: number): unknown {
  const promoted = inside.outside?.subgraph.promoted[slot];
  const kept = keptOutside(inside, slot);
  if (promoted != null && kept !== undefined && kept !== null) return enveloped(kept);
  const node = inside.graph.nodes.get(promoted?.nodeId ?? "");
  if (promoted == null || node === undefined) return undefined;
  const deeper = inside.inside.get(node.id);
  if (deeper?.outside != null)
    return promotedValue(
      layouts,
      deeper,
      deeper.outside.subgraph.inputs.findIndex(({ name }) => name === promoted.input),
    );
  const layout = layoutOf(layouts, node.type);
  return layout === undefined ? undefined : widgetValues(node, layout).values.get(promoted.input);
}

/**
 * What the subgraph's node itself keeps for a widget: newer frontends (1.47) put one value for each of its widgets there, in the
 * order of its inputs, and mark such a node with `previewExposures`. What older ones left there is not used (1.45.0).
 */
function keptOutside({ outside }: Scope, slot: number): unknown {
  if (outside === null) return undefined;
  const { holder, subgraph } = outside;
  const isKept = Object.hasOwn(holder.properties, "previewExposures") && Array.isArray(holder.values);
  const shown = subgraph.promoted.flatMap((promoted, index) => (promoted === null ? [] : [index]));
  if (!isKept || holder.values.length !== shown.length) return undefined;
  const place = shown.indexOf(slot);
  return place < 0 ? undefined : holder.values[place];
}

function enveloped(value: unknown): unknown {
  return Array.isArray(value) ? { __value__: value } : value;
}
