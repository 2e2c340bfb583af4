import { type GraphNode, isModelFile, type NodeInput, objectPart } from "@darkroom/contracts";
import type { Assigned } from "./roles.ts";

/** A value inside an object that an input holds: what it is to a person, and what it takes. */
interface Part {
  readonly assigned: Assigned;
  readonly facts: NodeInput;
}

/** The parts of ComfyUI's `BOUNDING_BOX`: the upper left corner and the size, in pixels. */
const boxSides = ["x", "y", "width", "height"];

/** The longest side of a picture in ComfyUI (`MAX_RESOLUTION`). */
const MAX_SIDE = 16_384;

/** Of a LoRA that rgthree's Power Lora Loader keeps as an object, beside its file; the second is of the text encoder. */
const loraStrengths = ["strength", "strengthTwo"];
const LORA_FILE = "lora";

/** The parts that a form can ask for, in the form's order; none for what is no object of a known form, told by its parts. */
export function partsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const object: Readonly<Record<string, unknown>> = { ...value };
  if (Object.keys(object).length === boxSides.length && boxSides.every((side) => object[side] !== undefined)) {
    return [...boxSides];
  }
  if (typeof object.lora !== "string") return [];
  const strengths = loraStrengths.filter((part) => typeof object[part] === "number");
  return isModelFile(object.lora) ? [LORA_FILE, ...strengths] : strengths;
}

/** What is known of a part by the name of its binding (`crop_region.x`, `lora_1.lora`); null for any other input. */
export function partAt(node: GraphNode, input: string): Part | null {
  const inner = objectPart(node, input);
  if (inner === null || !partsOf(inner.object).includes(inner.part)) return null;
  const { holder, part, object } = inner;
  const isWanted = object.on !== false && !/^none$/i.test(String(object.lora));
  if (part === LORA_FILE) return { assigned: { role: "lora", isWanted }, facts: { type: "STRING", required: false } };
  if (loraStrengths.includes(part)) {
    return {
      assigned: { role: "loraStrength", isWanted, group: holder },
      facts: { type: "FLOAT", required: false, min: -10, max: 10, step: 0.05 },
    };
  }
  // A node of a pack may have boxes between the pixels.
  const type = Number.isInteger(object[part]) ? "INT" : "FLOAT";
  const min = part === "width" || part === "height" ? 1 : 0;
  return { assigned: { role: "box", isWanted: true }, facts: { type, required: false, min, max: MAX_SIDE } };
}
