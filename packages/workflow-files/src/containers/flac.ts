import { viewOf } from "../parts/bytes.ts";
import { vorbisComments } from "../parts/vorbis-comments.ts";
import type { Ranges } from "../ranges.ts";
import type { Tag } from "../tag.ts";

const COMMENTS = 4;

/** Blocks before the sound; the first bit of the last one's head is set. They begin behind `fLaC`, at `start`. */
export async function* readFlac(file: Ranges, start = 0): AsyncGenerator<Tag> {
  for (let at = start + 4, isLast = false; !isLast; ) {
    const head = await file.read(at, 4, `block at byte ${at}`);
    const [first = 0] = head;
    const length = viewOf(head).getUint32(0) & 0xffffff;
    const place = `block ${first & 0x7f} at byte ${at}`;
    file.pass(at + 4 + length, place);
    if ((first & 0x7f) === COMMENTS) yield* vorbisComments(await file.read(at + 4, length, place), file, place);
    isLast = first >= 0x80;
    at += 4 + length;
  }
}
