import { fieldsOf, idOf, listOf, own, pairOf, textOf, wholeOf } from "../json.ts";
import type { EditorInput, EditorNode } from "./editor-workflow.ts";
import { videoHelperValues } from "./video-helper-values.ts";

/** Classes that ComfyUI renamed in 2023; the editor reads the old names as the new ones (frontend 1.45.0). */
const renamed: ReadonlyMap<string, string> = new Map([
  ["T2IAdapterLoader", "ControlNetLoader"],
  ["ConditioningAverage ", "ConditioningAverage"],
  ["SDV_img2vid_Conditioning", "SVD_img2vid_Conditioning"],
]);

/** A node of the file; null for what has no id or no type, which the editor does not load either. */
export function readNode(value: unknown): EditorNode | null {
  const fields = fieldsOf(value);
  const id = idOf(fields.id);
  const type = textOf(fields.type);
  if (id === null || type === null) return null;
  const { widgets_values: values } = fields;
  return {
    id,
    type: renamed.get(type) ?? type,
    title: textOf(fields.title),
    mode: wholeOf(fields.mode) ?? 0,
    inputs: listOf(fields.inputs).map(readInput),
    outputs: listOf(fields.outputs).map((output) => readType(fieldsOf(output).type)),
    values: videoHelperValues(type, typeof values === "object" ? (values as EditorNode["values"]) : null),
    properties: fieldsOf(fields.properties),
    position: pairOf(fields.pos),
  };
}

function readInput(value: unknown): EditorInput {
  const fields = fieldsOf(value);
  return {
    name: typeof fields.name === "string" ? fields.name : "",
    type: readType(fields.type),
    link: idOf(fields.link),
    widget: textOf(own(fieldsOf(fields.widget), "name")),
  };
}

/** Old files wrote the choices themselves where newer ones write `COMBO`. */
export function readType(type: unknown): string {
  if (Array.isArray(type)) return "COMBO";
  return typeof type === "string" ? type : "*";
}
