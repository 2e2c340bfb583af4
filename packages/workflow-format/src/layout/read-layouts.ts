import type { LayoutInput, NodeLayout } from "@darkroom/contracts";
import { type Fields, fieldsOf, listOf } from "../json.ts";
import { readInputs } from "./read-input.ts";

/** The classes that a file may be read with, by their names. */
export type NodeLayouts = Readonly<Record<string, NodeLayout>>;

/** What `GET /object_info` says of all classes, as far as reading the editor's files takes it. */
export function readLayouts(objectInfo: unknown): NodeLayouts {
  return Object.fromEntries(
    Object.entries(fieldsOf(objectInfo)).map(([name, definition]) => [name, readLayout(fieldsOf(definition))]),
  );
}

function readLayout(definition: Fields): NodeLayout {
  const { input, input_order: order } = definition;
  const inputs = readInputs(input, order);
  const hasOrder = Object.keys(fieldsOf(order)).length > 0;
  return {
    inputs: takesUploads(fieldsOf(fieldsOf(input).required)) ? withUpload(inputs, hasOrder) : inputs,
    outputs: listOf(definition.output).map((type) => (Array.isArray(type) ? "COMBO" : String(type))),
  };
}

function takesUploads(required: Fields): boolean {
  const flags = ["image_upload", "animated_image_upload", "video_upload", "audio_upload"];
  return Object.values(required).some((spec) => {
    const options = fieldsOf(listOf(spec)[1]);
    return flags.some((flag) => options[flag] === true);
  });
}

/**
 * The editor adds the upload button as one more required input named `upload`. Its value holds a place and is not sent. A
 * server that says the order of the inputs has it behind all of them, since that order does not name it (frontend 1.45.0).
 */
function withUpload(inputs: readonly LayoutInput[], hasOrder: boolean): LayoutInput[] {
  const upload: LayoutInput = { name: "upload", type: "IMAGEUPLOAD", required: true, widget: true, unsent: true };
  const others = inputs.filter(({ name }) => name !== "upload");
  const at = hasOrder ? others.length : others.filter(({ required }) => required).length;
  return [...others.slice(0, at), upload, ...others.slice(at)];
}

/** A class that some server has; not what every object has, as `constructor`. */
export function layoutOf(layouts: NodeLayouts, type: string): NodeLayout | undefined {
  return Object.hasOwn(layouts, type) ? layouts[type] : undefined;
}

/** An input of a class or of what one of its choices adds. */
export function inputOf(inputs: readonly LayoutInput[], name: string): LayoutInput | undefined {
  const found = inputs.find((input) => input.name === name);
  if (found !== undefined) return found;
  const added = inputs.flatMap(({ options = [] }) => options.flatMap((option) => option.inputs));
  return added.length === 0 ? undefined : inputOf(added, name);
}
