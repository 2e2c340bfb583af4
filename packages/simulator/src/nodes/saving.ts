import { join } from "node:path";
import type { FaultOf } from "../faults/fault.ts";
import { withTextChunks } from "../media/png-text.ts";
import { encodePng, type Raster } from "../painting/raster.ts";
import { toPythonJson } from "../protocol/python-json.ts";
import { type FolderType, SaveOutsideFolder, type SavePlace } from "../site/folders.ts";
import type { Site } from "../site/site.ts";
import { type NodeContext, NodeFailure } from "./node-type.ts";

/** A written file as `executed` and the history name it. */
export interface SavedFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: FolderType;
}

const noSize = { width: 0, height: 0 };

/** Where the next file of this prefix goes. Throws NodeFailure if that is outside the folder. */
function placeFor(
  { folders }: NodeContext,
  type: FolderType,
  prefix: string,
  size: { readonly width: number; readonly height: number } = noSize,
): SavePlace {
  try {
    return folders.nextSave(type, prefix, size);
  } catch (error) {
    if (error instanceof SaveOutsideFolder) throw new NodeFailure("Exception", error.message);
    throw error;
  }
}

/** Writes one numbered file. `ending` is all that follows the number: `_.png`, or `.flac` where no `_` comes between. */
export async function saveFile(
  context: NodeContext,
  type: FolderType,
  prefix: string,
  ending: string,
  bytes: Buffer,
  size?: { readonly width: number; readonly height: number },
): Promise<SavedFile> {
  const place = placeFor(context, type, prefix, size);
  const filename = `${place.name}_${String(place.counter).padStart(5, "0")}${ending}`;
  await write(context, join(place.folder, filename), bytes);
  return { filename, subfolder: place.subfolder, type };
}

/** A PNG for each frame, the prompt and the workflow embedded. */
export async function savePictures(
  context: NodeContext,
  type: FolderType,
  prefix: string,
  frames: readonly Raster[],
): Promise<SavedFile[]> {
  const first = frames[0];
  if (first === undefined) return [];
  const place = placeFor(context, type, prefix, first);
  const texts = embeddedTexts(context);
  const saved = [];
  for (const [index, frame] of frames.entries()) {
    const number = String(place.counter + index).padStart(5, "0");
    const filename = `${place.name.replaceAll("%batch_num%", String(index))}_${number}_.png`;
    await write(context, join(place.folder, filename), withTextChunks(await encodePng(frame), texts));
    saved.push({ filename, subfolder: place.subfolder, type });
  }
  return saved;
}

/** What ComfyUI writes into its files: the graph, and what the caller gave as `extra_pnginfo`. */
export function embeddedTexts({ graph, extraData }: NodeContext): Record<string, string> {
  const texts: Record<string, string> = { prompt: toPythonJson(graph) };
  const info = extraData.extra_pnginfo;
  if (typeof info === "object" && info !== null) {
    for (const [key, value] of Object.entries(info)) texts[key] = toPythonJson(value);
  }
  return texts;
}

/** Five random letters of ComfyUI's own small alphabet. */
export function tempPrefix({ random }: Site): string {
  return `ComfyUI_temp_${random.letters(5, "abcdefghijklmnopqrstupvxyz")}`;
}

async function write({ folders, faults }: Site, path: string, bytes: Buffer): Promise<void> {
  const fault = faults.strike("badOutput")?.fault;
  await folders.write(path, fault === undefined ? bytes : spoilt(bytes, fault.how));
}

function spoilt(bytes: Buffer, how: FaultOf<"badOutput">["how"]): Buffer {
  const half = bytes.length >> 1;
  if (how === "empty") return Buffer.alloc(0);
  if (how === "truncated") return bytes.subarray(0, half);
  return Buffer.from(bytes.map((byte, at) => (at < half ? byte : byte ^ 0x5a)));
}
