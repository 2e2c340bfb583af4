import type { LayoutInput, NodeLayout } from "@darkroom/contracts";
import { fieldsOf, own, textOf } from "../json.ts";
import { drawnTypes } from "../layout/widget-types.ts";
import type { EditorNode } from "../read/editor-workflow.ts";

/** What the widgets of a node hold, as a graph has it. */
export interface WidgetValues {
  readonly values: ReadonlyMap<string, unknown>;
  /** The required inputs that the file has no value for: they got what the editor puts in. */
  readonly defaulted: readonly string[];
}

/** A reader of one node's values: what is held for the next input, or that nothing is. */
interface Hand {
  next(name: string): { readonly value: unknown } | null;
  skip(places: number): void;
  /** For what a format of VideoHelperSuite adds: files that have values by position are older than that, and lack it. */
  readonly ofFormat: Hand;
}

const empty: Hand = {
  next: () => null,
  skip: () => {},
  get ofFormat() {
    return empty;
  },
};

/**
 * The values of a node. By position, the editor gives one to each widget in the order of the class; what is missing gets
 * the default, what is too much is dropped (frontend 1.45.0). By name (VideoHelperSuite) it needs no order; the editor reads
 * that form wrongly for other classes, and we by name too.
 */
export function widgetValues(node: EditorNode, layout: NodeLayout): WidgetValues {
  const inputs = withPackWidgets(layout.inputs, node);
  const values = new Map<string, unknown>();
  const defaulted: string[] = [];
  deal(inputs, handOf(node, inputs), values, defaulted);
  return { values, defaulted };
}

function deal(inputs: readonly LayoutInput[], hand: Hand, values: Map<string, unknown>, defaulted: string[]): void {
  for (const input of inputs) {
    if (input.widget === undefined) continue;
    const held = hand.next(input.name);
    hand.skip(input.extraPlaces ?? 0);
    if (input.unsent) continue;
    const isDrawn = drawnTypes.has(input.type);
    if (held === null && input.required && !isDrawn) defaulted.push(input.name);
    const value = mended(held === null || (isDrawn && !isFilled(held.value)) ? input.default : held.value, input);
    // An empty place beside a type that only a pack knows is a button of its page.
    if (value !== undefined && (value !== null || input.unknown === undefined))
      values.set(input.name, asSent(value, input.type));
    const chosen = input.options?.find(({ key }) => key === value);
    if (chosen !== undefined) deal(chosen.inputs, input.type === "COMBO" ? hand.ofFormat : hand, values, defaulted);
  }
}

/** What a page has drawn is an object. A text stands for nothing yet. */
function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/**
 * A list of choices is never empty: the editor takes the first one (frontend 1.45.0). Samplers were called `sample_euler` in
 * the first weeks of 2023.
 */
function mended(value: unknown, { name, type, first }: LayoutInput): unknown {
  if (value === null || value === undefined)
    return type === "COMBO" || type === "COMFY_DYNAMICCOMBO_V3" ? (first ?? value) : value;
  return name === "sampler_name" && typeof value === "string" ? value.replace(/^sample_/, "") : value;
}

/**
 * A bare list would be read as a link, so it travels in an envelope (frontend 1.45.0). A choice with a picture beside it is
 * sent as its text (ComfyUI-Custom-Scripts).
 */
function asSent(value: unknown, type: string): unknown {
  const content = type === "COMBO" ? textOf(fieldsOf(value).content) : null;
  if (content !== null) return content;
  if (!Array.isArray(value)) return value;
  return type === "CURVE" ? { __type__: "CURVE", __value__: value } : { __value__: value };
}

function handOf({ values }: EditorNode, inputs: readonly LayoutInput[]): Hand {
  if (!Array.isArray(values)) {
    const named = fieldsOf(values);
    const byName: Hand = {
      ...empty,
      next: (name) => (Object.hasOwn(named, name) ? { value: own(named, name) } : null),
      get ofFormat() {
        return byName;
      },
    };
    return byName;
  }
  const places = withoutForced(values, inputs);
  let at = 0;
  return {
    next: () => {
      at += 1;
      return at <= places.length ? { value: places[at - 1] } : null;
    },
    skip: (count) => {
      at += count;
    },
    ofFormat: empty,
  };
}

/**
 * Inputs that are sockets by their author's wish (`forceInput`) had values in files from before that wish. They are dropped
 * only where the count of all values says that they are there (frontend 1.45.0).
 */
function withoutForced(values: readonly unknown[], inputs: readonly LayoutInput[]): readonly unknown[] {
  if (inputs.every(({ forced }) => forced === undefined)) return values;
  const isForced = inputs
    .filter(({ widget, forced }) => widget || forced)
    .flatMap(({ forced, controlled }) => Array<boolean>(controlled ? 2 : 1).fill(forced === true));
  return isForced.length === values.length ? values.filter((_, index) => !isForced[index]) : values;
}

/**
 * Inputs of a type that only a node pack knows are taken for widgets where the file does not have them among the sockets,
 * which it always keeps, and has more values than the known widgets take.
 */
function withPackWidgets(inputs: readonly LayoutInput[], node: EditorNode): readonly LayoutInput[] {
  const isWidget = ({ name, unknown }: LayoutInput): boolean => {
    if (unknown === undefined) return false;
    const slot = node.inputs.find((input) => input.name === name);
    return slot === undefined ? hasSpareValues(inputs, node) : slot.widget !== null;
  };
  if (inputs.every(({ unknown }) => unknown === undefined)) return inputs;
  return inputs.map((input) => (isWidget(input) ? { ...input, widget: true as const } : input));
}

function hasSpareValues(inputs: readonly LayoutInput[], { values }: EditorNode): boolean {
  if (!Array.isArray(values)) return false;
  const known = inputs.filter(({ widget, forced }) => widget || forced);
  return values.length > known.reduce((sum, { extraPlaces = 0 }) => sum + 1 + extraPlaces, 0);
}

/**
 * The values of a node whose class nobody knows, as far as the file itself names them: by name, or by the widgets among its
 * inputs if there is exactly one value for each. Null: they cannot be told apart.
 */
export function namedValues({ values, inputs }: EditorNode): ReadonlyMap<string, unknown> | null {
  if (values === null) return new Map();
  if (!Array.isArray(values)) return new Map(Object.entries(values).map(([name, value]) => [name, asSent(value, "*")]));
  if (values.length === 0) return new Map();
  const names = inputs.flatMap(({ widget }) => widget ?? []);
  if (names.length !== values.length) return null;
  return new Map(names.map((name, index) => [name, asSent(values[index], "*")]));
}
