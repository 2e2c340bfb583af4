import type { NumberGrid } from "@darkroom/contracts";
import { type Fields, numberOf } from "../json.ts";

/**
 * The numbers that the editor lets a Primitive put into a widget: whole numbers at the steps of the class from its least one, others
 * rounded as the class asks, else to the digits of its step (frontend 1.45.0). A value that the file itself has for the widget
 * stays as it is.
 */
export function gridOf(type: string, options: Fields): NumberGrid | null {
  const { min, max, step } = { min: numberOf(options.min), max: numberOf(options.max), step: numberOf(options.step) };
  const rest = Object.entries(options).filter(([name]) => !unlike.has(name));
  const bounds = {
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
    ...(rest.length === 0 ? {} : { other: JSON.stringify(Object.fromEntries(rest.sort())) }),
  };
  if (type === "INT") return { step: Math.max(1, step ?? 1), ...bounds, digits: 0 };
  if (type !== "FLOAT") return null;
  const digits = Math.max(0, -Math.floor(Math.log10(step ?? 0.5)));
  const round = numberOf(options.round) || (digits > 0 ? 10 ** -digits : 0);
  return round > 0 ? { step: round, ...bounds, digits } : null;
}

/** What may differ between two widgets that one Primitive feeds, so that each still bounds the other. */
const unlike: ReadonlySet<string> = new Set([
  ...["min", "max", "step", "default", "tooltip", "forceInput", "defaultInput", "multiline", "dynamicPrompts"],
  "control_after_generate",
]);

/** What a widget makes of a number that is put in. Only one that is not whole keeps to its bounds. */
export function onGrid(value: unknown, grid: NumberGrid | undefined): unknown {
  if (grid === undefined || typeof value !== "number") return value;
  const { step, digits, min = 0, max = 2048 } = grid;
  const from = digits === 0 ? min % step : 0;
  const nearest = Number((Math.round((value - from) / step) * step + from).toFixed(digits));
  return digits === 0 ? nearest : within(nearest, min, max);
}

/**
 * What a Primitive itself makes of its number: one that is within the bounds of all widgets that it is linked to, at steps of all of
 * them, as far as they are like the first.
 */
export function onAllGrids(value: unknown, all: readonly NumberGrid[]): unknown {
  const grids = all.filter(({ digits, other }) => (digits === 0) === (all[0]?.digits === 0) && other === all[0]?.other);
  const min = Math.max(...grids.map((grid) => grid.min ?? Number.NEGATIVE_INFINITY));
  const max = Math.min(...grids.map((grid) => grid.max ?? Number.POSITIVE_INFINITY));
  if (typeof value !== "number" || grids.length === 0 || min > max) return value;
  const digits = Math.max(...grids.map((grid) => grid.digits));
  const kept = within(value, min, max);
  if (digits > 0) return kept;
  const step = grids.map((grid) => grid.step).reduce(commonMultiple);
  return onGrid(kept, { step, digits, ...(Number.isFinite(min) ? { min } : {}) });
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function commonMultiple(one: number, other: number): number {
  let [rest, divisor] = [one, other];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (one * other) / divisor;
}
