import { type GraphNode, type NodeInput, objectPart } from "@darkroom/contracts";

/** The parts of ComfyUI's `BOUNDING_BOX`: the upper left corner and the size, in pixels. */
export const boxSides = ["x", "y", "width", "height"] as const;

/** The longest side of a picture in ComfyUI (`MAX_RESOLUTION`). */
const MAX_SIDE = 16_384;

/** True for a value that is a box, told by its parts: a class that no backend knows may have one, too. */
export function isBox(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === boxSides.length && boxSides.every((side) => Object.hasOwn(value, side));
}

export function isBoxSide(node: GraphNode, input: string): boolean {
  return isBox(objectPart(node, input)?.object);
}

/** What one part of a box takes, as the editor's own number fields do; null for any other input. */
export function boxSide(node: GraphNode, input: string): NodeInput | null {
  const inner = objectPart(node, input);
  if (inner === null || !isBox(inner.object)) return null;
  // A node of a pack may have boxes between the pixels.
  const type = Number.isInteger(inner.object[inner.part]) ? "INT" : "FLOAT";
  return { type, required: false, min: inner.part === "width" || inner.part === "height" ? 1 : 0, max: MAX_SIDE };
}
