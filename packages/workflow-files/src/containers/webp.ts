import { latin1Of, viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

/** RIFF chunks, each padded to an even length; EXIF stands after the frames. */
export async function* readWebp(file: Ranges): AsyncGenerator<Tag> {
  for (let at = 12; at + 8 <= file.size; ) {
    const head = await file.read(at, 8, `chunk at byte ${at}`);
    const type = latin1Of(head.subarray(0, 4));
    const length = viewOf(head).getUint32(4, true);
    const place = `chunk ${type.replaceAll(/[^\x20-\x7e]/g, "?")} at byte ${at}`;
    file.pass(at + 8 + length, place);
    if (type === "EXIF") yield* exifTags(await file.read(at + 8, length, place), file, place);
    at += 8 + length + (length % 2);
  }
}
