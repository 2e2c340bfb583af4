import { fieldsOf, own } from "../json.ts";
import type { EditorNode } from "./editor-workflow.ts";

const video = ["video", "force_rate", "force_size", "frame_load_cap", "skip_first_frames", "select_every_nth"];

/** What VideoHelperSuite's first files have by position, by class; null: a button. */
const places: ReadonlyMap<string, readonly (string | null)[]> = new Map<string, readonly (string | null)[]>([
  ["VHS_LoadImages", ["directory", null, "image_load_cap", "skip_first_images", "select_every_nth"]],
  ["VHS_LoadImagesPath", ["directory", "image_load_cap", "skip_first_images", "select_every_nth"]],
  ["VHS_VideoCombine", ["frame_rate", "loop_count", "filename_prefix", "format", "pingpong", "save_output"]],
  ["VHS_LoadVideo", video],
  ["VHS_LoadVideoPath", video],
]);

/**
 * The values of a node of VideoHelperSuite under the names that it has now, as its page reads older files (pack of May 2026):
 * lists by name, `save_image` as `save_output`, and `force_size` as the width and the height that it stood for. Those of other
 * nodes as they are.
 */
export function videoHelperValues(type: string, values: EditorNode["values"]): EditorNode["values"] {
  if (!type.startsWith("VHS_") || values === null) return values;
  const names = places.get(type);
  if (Array.isArray(values)) {
    if (names === undefined || values.length < names.length) return values;
    const named = names.flatMap((name, index) => (name === null ? [] : [[name, values[index]] as const]));
    return withSize(Object.fromEntries(named));
  }
  const named = fieldsOf(values);
  const saves = own(named, "save_image");
  return withSize(type === "VHS_VideoCombine" && saves !== undefined ? { save_output: saves, ...named } : named);
}

/** `640x?`, or which of the two numbers beside it counted; 0 leaves a side as the video has it. */
function withSize(named: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const size = own(named, "force_size");
  if (typeof size !== "string") return named;
  const [, width, height] = /^(\d+|\?)x(\d+|\?)$/.exec(size) ?? [];
  if (width !== undefined) return { ...named, custom_width: sideOf(width), custom_height: sideOf(height) };
  return {
    ...named,
    ...(size === "Disabled" || size === "Custom Height" ? { custom_width: 0 } : {}),
    ...(size === "Disabled" || size === "Custom Width" ? { custom_height: 0 } : {}),
  };
}

function sideOf(side: string | undefined): number {
  return side === "?" ? 0 : Number(side);
}
