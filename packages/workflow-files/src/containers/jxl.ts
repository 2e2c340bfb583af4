import { boxes, contentOf } from "../parts/boxes.ts";
import { viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** JPEG XL in boxes: EXIF in one of its own, behind four bytes that say how many others stand before the TIFF head. */
export async function* readJxl(file: Ranges): AsyncGenerator<Tag> {
  for await (const box of boxes(file, 0, file.size)) {
    if (box.type !== "Exif") continue;
    const bytes = await contentOf(file, box);
    if (bytes.length < 4) throw file.damaged(box.place, "it is shorter than its head");
    yield* exifTags(bytes.subarray(Math.min(4 + viewOf(bytes).getUint32(0), bytes.length)), file, box.place);
  }
}
