import { isExactInteger } from "@darkroom/contracts";

/** What a file says, as JSON parsed it: nothing about it can be relied on. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none for whatever is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The elements of a list; none for whatever is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A field that the object has itself: a file may name a node `constructor`. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A text with something in it; null for whatever else. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** An id as a graph writes it. Editors wrote numbers, scripts write texts; null for what is neither. */
export function idOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (isExactInteger(value)) return value.$integer;
  return textOf(value);
}

/** A pair of numbers, which old files wrote as an object with the keys 0 and 1; null for whatever is none. */
export function pairOf(value: unknown): readonly [number, number] | null {
  const { 0: x, 1: y } = (typeof value === "object" && value !== null ? value : {}) as Fields;
  return Number.isFinite(x) && Number.isFinite(y) ? [x as number, y as number] : null;
}

/** The number of a slot or a mode; null for what is none. */
export function wholeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
}

/** A number; null for what is none. */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
