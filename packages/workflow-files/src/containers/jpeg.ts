import { startsWith, textOf, viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const COMMENT = 0xfe;

/** Segments up to the picture itself, which nothing of interest follows. */
export async function* readJpeg(file: Ranges): AsyncGenerator<Tag> {
  for (let at = 2; ; ) {
    const head = await file.read(at, 4, `segment at byte ${at}`);
    const [first, marker = 0] = head;
    if (first !== 0xff) throw file.damaged(`segment at byte ${at}`, "it does not begin with 0xff");
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return;
    const place = `segment ${marker === APP1 ? "APP1" : `0x${marker.toString(16)}`} at byte ${at}`;
    // Any number of 0xff may stand before a marker.
    const length = marker === 0xff ? -1 : viewOf(head).getUint16(2);
    if (length >= 0 && length < 2) throw file.damaged(place, `its length of ${length} is less than its head`);
    file.pass(at + 2 + length, place);
    if (marker === APP1 || marker === COMMENT) {
      const data = await file.read(at + 4, length - 2, place);
      if (marker === COMMENT) yield tag("comment", textOf(data), place);
      else if (startsWith(data, "Exif\0\0")) yield* exifTags(data, file, place);
    }
    at += 2 + length;
  }
}
