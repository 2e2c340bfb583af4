import { type Box, boxes, contentOf } from "../parts/boxes.ts";
import { startsWith, viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import { canInflate, inflate } from "../parts/inflate.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";
import { WorkflowFileError } from "../workflow-file-error.ts";

/** How many bytes of a `brob` box say what it is once decompressed. */
const TYPE_BYTES = 4;

/**
 * JPEG XL in boxes: EXIF in one of its own, behind four bytes that say how many others stand before the TIFF head. It may be
 * compressed with Brotli, and `cjxl` compresses it unless told otherwise. A picture has one EXIF: the first that is compressed is
 * read, so that a file of many costs no more.
 *
 * @throws WorkflowFileError `NO_WORKFLOW` behind all else where the platform cannot decompress it
 */
export async function* readJxl(file: Ranges): AsyncGenerator<Tag> {
  let compressed: Box | null = null;
  for await (const box of boxes(file, 0, file.size)) {
    if (compressed === null && (await holdsExif(file, box))) {
      compressed = box;
      if (canInflate("brotli")) yield* exifOf(await decompressed(file, box), file, box.place);
    } else if (box.type === "Exif") yield* exifOf(await contentOf(file, box), file, box.place);
  }
  if (compressed === null || canInflate("brotli")) return;
  const rule = "what it carries beside the picture is compressed with Brotli, which this browser can't decompress";
  throw new WorkflowFileError("NO_WORKFLOW", { kind: file.kind, place: compressed.place }, rule);
}

async function holdsExif(file: Ranges, { type, from, to, place }: Box): Promise<boolean> {
  if (type !== "brob" || to - from < TYPE_BYTES) return false;
  return startsWith(await file.read(from, TYPE_BYTES, place), "Exif");
}

async function decompressed(file: Ranges, box: Box): Promise<Uint8Array> {
  return inflate((await contentOf(file, box)).subarray(TYPE_BYTES), file, box.place, "brotli");
}

function exifOf(bytes: Uint8Array, file: Ranges, place: string): AsyncGenerator<Tag> {
  if (bytes.length < 4) throw file.damaged(place, "it is shorter than its head");
  return exifTags(bytes.subarray(Math.min(4 + viewOf(bytes).getUint32(0), bytes.length)), file, place);
}
