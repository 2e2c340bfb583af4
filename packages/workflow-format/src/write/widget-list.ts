import type { LayoutInput } from "@darkroom/contracts";
import { type Fields, fieldsOf, own } from "../json.ts";

/** A node's plain values as its graph has them, and which of them ComfyUI is to draw anew after each run. */
export interface HeldValues {
  readonly inputs: Fields;
  readonly drawn: ReadonlySet<string>;
}

/**
 * The values of a node by position, as the editor keeps them: one for each widget in the order of the class, with the places
 * that follow some of them. The inverse of `widgetValues`. A widget that a link replaces keeps its place.
 */
export function widgetList(inputs: readonly LayoutInput[], held: HeldValues): unknown[] {
  return inputs.flatMap((input) => {
    if (input.widget === undefined) return [];
    // An upload button's value is the kind of what is uploaded. It holds a place and is never sent, as those of a 3D view.
    if (input.unsent) return ["image", ...Array<string>(input.extraPlaces ?? 0).fill("")];
    const value = widgetValue(input, held.inputs);
    const chosen = input.options?.find(({ key }) => key === value);
    return [
      value,
      ...placesBehind(input, value, held),
      ...(chosen === undefined ? [] : widgetList(chosen.inputs, held)),
    ];
  });
}

/** The same by name, which needs no order: for classes that nobody describes, and for VideoHelperSuite, which does it itself. */
export function widgetsByName(inputs: readonly LayoutInput[], held: HeldValues): Record<string, unknown> {
  const defaults = inputs
    .filter(({ widget, unsent }) => widget !== undefined && unsent === undefined)
    .map((input) => [input.name, widgetValue(input, held.inputs)]);
  const given = Object.entries(held.inputs).flatMap(([name, value]) =>
    Array.isArray(value) ? [] : [[name, bare(value)]],
  );
  return Object.fromEntries([...defaults, ...given]);
}

/** What a widget shows: the graph's value, else the class's default. A list in the graph is a link. */
function widgetValue({ name, default: fallback, first }: LayoutInput, inputs: Fields): unknown {
  const given = own(inputs, name);
  return given === undefined || Array.isArray(given) ? (fallback ?? first ?? null) : bare(given);
}

/** A list travels to the server in an envelope, and stands in the file without it. */
function bare(value: unknown): unknown {
  const { __value__: list } = fieldsOf(value);
  return Array.isArray(list) ? list : value;
}

function placesBehind({ name, type, extraPlaces = 0 }: LayoutInput, value: unknown, { drawn }: HeldValues): unknown[] {
  if (type === "BOUNDING_BOX") {
    const { x, y, width, height } = fieldsOf(value);
    return [x, y, width, height].map((side) => side ?? 0);
  }
  // What the editor does to the number after a run, and for lists the filter behind it.
  return [drawn.has(name) ? "randomize" : "fixed", ""].slice(0, extraPlaces);
}
