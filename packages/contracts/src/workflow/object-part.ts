import { isExactInteger } from "./graph-text.ts";
import type { GraphNode } from "./workflow.ts";

/** A value inside the object that an input holds. */
interface ObjectPart {
  /** The input that holds the object. */
  readonly holder: string;
  readonly part: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/**
 * What `crop_region.x` names where `crop_region` holds an object, as boxes are held; null for every other input. An option of a
 * dynamic combo brings names with dots too, but what stands before their last dot holds a choice.
 */
export function objectPart({ inputs }: GraphNode, input: string): ObjectPart | null {
  const dot = input.lastIndexOf(".");
  if (dot < 1 || Object.hasOwn(inputs, input)) return null;
  const holder = input.slice(0, dot);
  const held = inputs[holder];
  const isObject = typeof held === "object" && held !== null && !Array.isArray(held) && !isExactInteger(held);
  return isObject ? { holder, part: input.slice(dot + 1), object: held as ObjectPart["object"] } : null;
}

/** What an input holds, or the part of an object that it names; undefined for nothing. */
export function valueAt(node: GraphNode, input: string): unknown {
  const inner = objectPart(node, input);
  if (inner === null) return node.inputs[input];
  return Object.hasOwn(inner.object, inner.part) ? inner.object[inner.part] : undefined;
}

/** The inputs of a node in which one, or the part of an object that it names, has this value. Nothing is changed in place. */
export function withValueAt(node: GraphNode, input: string, value: unknown): GraphNode["inputs"] {
  const inner = objectPart(node, input);
  if (inner === null) return { ...node.inputs, [input]: value };
  return { ...node.inputs, [inner.holder]: { ...inner.object, [inner.part]: value } };
}
