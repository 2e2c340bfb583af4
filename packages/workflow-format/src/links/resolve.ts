import type { NumberGrid } from "@darkroom/contracts";
import { onAllGrids } from "../layout/number-grid.ts";
import { inputOf, layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";
import { BYPASSED, type EditorInput, type EditorNode, MUTED, SUBGRAPH_INPUT } from "../read/editor-workflow.ts";
import { virtualNodes } from "../read/virtual-nodes.ts";
import { pathOf, type Scope } from "../scopes/scope.ts";
import { bypassIndex, isMatched, slotsOf } from "./slots.ts";

/** What an input is fed in the end. */
export type Feed =
  /** An output of a node that runs. */
  | { readonly kind: "node"; readonly id: string; readonly slot: number }
  /** A value that the editor's Primitive puts into the widget. */
  | { readonly kind: "value"; readonly value: unknown }
  /** The widget of a subgraph's node, which nothing is linked to: by the scope inside and the number of its input slot. */
  | { readonly kind: "promoted"; readonly inside: Scope; readonly slot: number }
  /** Nothing, as the editor means it: without a link, or behind a muted node. */
  | { readonly kind: "none" }
  /** Nothing, though the file has a link: it breaks at this node, for this reason. */
  | { readonly kind: "lost"; readonly at: string; readonly why: LossReason };

export type LossReason = "link missing" | "node missing" | "bypass" | "name" | "loop" | "slot missing";

const none: Feed = { kind: "none" };

/** Where a question has been already, so that links in a circle end, and what is as long as no workflow. */
type Trail = Set<string>;
const LONGEST_TRAIL = 1000;

/**
 * What feeds an input, past everything that does not run: up and down through subgraphs, and through bypassed and virtual
 * nodes.
 */
export function resolveInput(layouts: NodeLayouts, scope: Scope, node: EditorNode, input: EditorInput): Feed {
  if (input.link === null) return none;
  return follow(layouts, { scope, node, input, target: input.type, isDirect: true }, new Set());
}

interface Question {
  readonly scope: Scope;
  readonly node: EditorNode;
  readonly input: EditorInput;
  /** The type of the input that is asked for in the first place. */
  readonly target: string;
  /** With nothing but the edges of subgraphs on the way, as a Primitive needs it. */
  readonly isDirect: boolean;
}

function follow(layouts: NodeLayouts, question: Question, trail: Trail): Feed {
  const { scope, node, input } = question;
  if (input.link === null) return none;
  const at = pathOf(scope, node);
  const step = `${at} ${input.link}`;
  if (trail.has(step) || trail.size >= LONGEST_TRAIL) return { kind: "lost", at, why: "loop" };
  trail.add(step);
  const link = scope.graph.links.get(input.link);
  if (link === undefined) return { kind: "lost", at, why: "link missing" };
  if (link.from === SUBGRAPH_INPUT && scope.outside !== null) return leave(layouts, question, link.slot, trail);
  const origin = scope.graph.nodes.get(link.from);
  if (origin === undefined) return { kind: "lost", at, why: "node missing" };
  return comeFrom(layouts, { ...question, node: origin }, link.slot, trail);
}

/** From inside a subgraph to what its node is fed outside. */
function leave(layouts: NodeLayouts, question: Question, slot: number, trail: Trail): Feed {
  const { outside } = question.scope;
  if (outside === null) return none;
  const input = outside.holder.inputs[slot];
  if (input === undefined || input.link === null) return { kind: "promoted", inside: question.scope, slot };
  return follow(layouts, { ...question, scope: outside.scope, node: outside.holder, input }, trail);
}

/** What an output of a node hands on. */
function comeFrom(layouts: NodeLayouts, question: Question, slot: number, trail: Trail): Feed {
  const { scope, node } = question;
  const kind = virtualNodes.get(node.type);
  if (kind === "primitive") return primitive(layouts, question);
  if (node.mode === MUTED) return none;
  if (node.mode === BYPASSED) return pass(layouts, question, slot, trail);
  const inside = scope.inside.get(node.id);
  if (inside?.outside != null) return enter(layouts, question, inside, slot, trail);
  const through = { ...question, isDirect: false };
  if (kind === "get") return named(layouts, through, trail);
  if (kind === "reroute" || kind === "set") {
    const [input] = node.inputs;
    return input === undefined ? none : follow(layouts, { ...through, input }, trail);
  }
  return kind === undefined ? { kind: "node", id: pathOf(scope, node), slot } : none;
}

/** A Primitive writes its value whether it is muted or not, and only into widgets that it is linked to itself. */
function primitive(layouts: NodeLayouts, { scope, node, isDirect }: Question): Feed {
  const value = Array.isArray(node.values) ? node.values[0] : undefined;
  if (!isDirect || value === undefined || value === null) return none;
  return { kind: "value", value: onAllGrids(value, gridsFed(layouts, scope, node)) };
}

/**
 * The grids of the widgets that a Primitive is linked to in its own graph. None where its first link leads into a subgraph, whose
 * widgets are others' and mostly say something else of the number.
 */
function gridsFed(layouts: NodeLayouts, { graph }: Scope, primitive: EditorNode): NumberGrid[] {
  const fed = [...graph.nodes.values()].flatMap(({ type, inputs }) =>
    inputs.flatMap(({ name, link }) => {
      if (link === null || graph.links.get(link)?.from !== primitive.id) return [];
      return [{ grid: inputOf(layoutOf(layouts, type)?.inputs ?? [], name)?.grid, link: Number(link) }];
    }),
  );
  const grids = fed.sort((one, other) => one.link - other.link).map(({ grid }) => grid);
  return grids[0] === undefined ? [] : grids.filter((grid) => grid !== undefined);
}

function pass(layouts: NodeLayouts, question: Question, slot: number, trail: Trail): Feed {
  const { scope, node, target } = question;
  const layout = layoutOf(layouts, node.type);
  const inputs = slotsOf(node, layout);
  const declared = layout?.outputs[slot];
  const output = declared === undefined || isMatched(declared) ? node.outputs[slot] : declared;
  const index = bypassIndex(inputs, slot, output ?? "*", target);
  const input = inputs[index];
  if (input === undefined) return { kind: "lost", at: pathOf(scope, node), why: "bypass" };
  return follow(layouts, { ...question, input, isDirect: false }, trail);
}

/** From a subgraph's node to what feeds its output inside. */
function enter(layouts: NodeLayouts, question: Question, inside: Scope, slot: number, trail: Trail): Feed {
  const { outside } = inside;
  const link = outside?.subgraph.outputs[slot];
  if (outside === null || link === null || link === undefined) return none;
  const step = { ...question, scope: inside, isDirect: false };
  if (link.from === SUBGRAPH_INPUT) return leave(layouts, step, link.slot, trail);
  const origin = inside.graph.nodes.get(link.from);
  if (origin === undefined) return { kind: "lost", at: pathOf(question.scope, question.node), why: "node missing" };
  return comeFrom(layouts, { ...step, node: origin }, link.slot, trail);
}

/** What the setter of the same name is fed: in the same graph, else in those around it. */
function named(layouts: NodeLayouts, question: Question, trail: Trail): Feed {
  const name = nameOf(question.node);
  for (let scope: Scope | undefined = question.scope; scope !== undefined; scope = scope.outside?.scope) {
    for (const setter of scope.graph.nodes.values()) {
      const [input] = setter.inputs;
      if (virtualNodes.get(setter.type) !== "set" || name === null || nameOf(setter) !== name) continue;
      return input === undefined ? none : follow(layouts, { ...question, scope, node: setter, input }, trail);
    }
  }
  return { kind: "lost", at: pathOf(question.scope, question.node), why: "name" };
}

function nameOf({ values }: EditorNode): string | null {
  const name = Array.isArray(values) ? values[0] : null;
  return typeof name === "string" && name !== "" ? name : null;
}
