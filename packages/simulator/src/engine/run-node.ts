import { declaredInputs } from "../nodes/declared-inputs.ts";
import { Blocker, type NodeContext, type NodeResult, type NodeType, type Values } from "../nodes/node-type.ts";
import { type Graph, type GraphNode, isLink } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import type { NodeOutcome } from "./node-cache.ts";

/** For each input the values it is given; more than one where a list leads to it. */
export type GivenInputs = Readonly<Record<string, readonly unknown[]>>;

/** What a node is given: the constants of the graph, and the outcomes of the nodes that it is linked to. */
export function gatherInputs(
  node: GraphNode,
  type: NodeType,
  site: Site,
  outcomes: ReadonlyMap<string, NodeOutcome>,
): GivenInputs {
  const given: Record<string, readonly unknown[]> = {};
  for (const [name] of declaredInputs(type.inputs(site), node.inputs)) {
    const value = node.inputs[name];
    if (value === undefined) continue;
    given[name] = isLink(value) ? (outcomes.get(value[0])?.slots.at(Number(value[1])) ?? []) : [value];
  }
  return given;
}

/** A run's outcome, and the nodes that are to run in its place; then its slots hold links to them. */
export interface NodeRun extends NodeOutcome {
  readonly expansion: Graph;
}

/** Runs a node once for each value of its longest input; shorter ones repeat their last. */
export async function runNode(
  type: NodeType,
  given: GivenInputs,
  context: NodeContext,
  onBlocked: (message: string) => void,
): Promise<NodeRun> {
  const rounds = Math.max(1, ...Object.values(given).map((values) => values.length));
  const results: NodeResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const values: Values = Object.fromEntries(
      Object.entries(given).map(([name, list]) => [name, list[Math.min(round, list.length - 1)]]),
    );
    const blocker = Object.values(values).find((value) => value instanceof Blocker);
    if (blocker === undefined) {
      const own = { ...context, expansionPrefix: `${context.expansionPrefix}${round}.0.` };
      results.push(await type.run(values, own));
    } else {
      if (blocker.message !== null) onBlocked(blocker.message);
      // Further down nobody is told again.
      results.push({ values: type.outputs.map(() => new Blocker(null)) });
    }
  }
  const slots = type.outputs.map((_, slot) =>
    results.flatMap((result) => {
      const value = result.values[slot];
      return type.outputIsList?.[slot] === true && Array.isArray(value) ? value : [value];
    }),
  );
  const expansion = Object.assign({}, ...results.map(({ expand }) => expand ?? {}));
  return { slots, ui: mergeUi(results), expansion };
}

/** The outcome of a node whose slots are links into the nodes that ran in its place. */
export function resolveExpansion({ slots, ui }: NodeOutcome, outcomes: ReadonlyMap<string, NodeOutcome>): NodeOutcome {
  const valuesOf = (value: unknown): readonly unknown[] =>
    isLink(value) ? (outcomes.get(value[0])?.slots.at(Number(value[1])) ?? []) : [value];
  return { slots: slots.map((values) => values.flatMap(valuesOf)), ui };
}

function mergeUi(results: readonly NodeResult[]): Record<string, unknown[]> | null {
  const shown = results.flatMap(({ ui }) => (ui === undefined ? [] : [ui]));
  if (shown.length === 0) return null;
  const merged: Record<string, unknown[]> = {};
  for (const ui of shown)
    for (const [key, values] of Object.entries(ui)) merged[key] = [...(merged[key] ?? []), ...values];
  return merged;
}
