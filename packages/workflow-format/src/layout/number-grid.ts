import type { NumberGrid } from "@darkroom/contracts";
import { type Fields, numberOf } from "../json.ts";

/**
 * The numbers that the editor lets a Primitive put into a widget: whole numbers at the steps of the class from its least one, others
 * rounded as the class asks, else to the digits of its step, and kept within the bounds (frontend 1.45.0). A value that the file
 * itself has for the widget stays as it is.
 */
export function gridOf(type: string, options: Fields): NumberGrid | null {
  const { min, max, step } = { min: numberOf(options.min), max: numberOf(options.max), step: numberOf(options.step) };
  if (type === "INT") return step === null || step <= 1 ? null : { step, from: (min ?? 0) % step, digits: 0 };
  if (type !== "FLOAT") return null;
  const digits = Math.max(0, -Math.floor(Math.log10(step ?? 0.5)));
  const round = numberOf(options.round) || (digits > 0 ? 10 ** -digits : 0);
  return round > 0 ? { step: round, from: 0, min: min ?? 0, max: max ?? 2048, digits } : null;
}

/** What becomes of a value that another node puts in. */
export function onGrid(value: unknown, grid: NumberGrid | undefined): unknown {
  if (grid === undefined || typeof value !== "number") return value;
  const { step, from, digits, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = grid;
  const nearest = Number((Math.round((value - from) / step) * step + from).toFixed(digits));
  return Math.min(max, Math.max(min, nearest));
}
