import { MAX_TEXT_BYTES } from "../limits.ts";
import { textOf } from "../parts/bytes.ts";
import { joined } from "../parts/inflate.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const COMMENT = 0xfe;

/** So much is read at once of what is made of pieces of at most 255 bytes. */
const STRETCH_BYTES = 64 * 1024;

/** Comments, before the frames or between them. */
export async function* readGif(file: Ranges): AsyncGenerator<Tag> {
  const head = await file.read(0, 13, "head");
  let at = 13 + tableLength(head[10]);
  for (;;) {
    const place = `block at byte ${at}`;
    const block = await file.readUpTo(at, 10, place);
    const [type, label] = block;
    if (type === EXTENSION && label === COMMENT) {
      const { end, bytes } = await pieces(file, at + 2, place, true);
      yield tag("comment", textOf(bytes), `comment at byte ${at}`);
      at = end;
    } else if (type === EXTENSION) at = (await pieces(file, at + 2, place, false)).end;
    else if (type === IMAGE) at = (await pieces(file, at + 11 + tableLength(block[9]), place, false)).end;
    else return;
  }
}

/** A list of colours, whose length stands in the last three bits before it. */
function tableLength(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

interface Pieces {
  /** Where the next block begins. */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Pieces with their length before them, up to an empty one. */
async function pieces(file: Ranges, from: number, place: string, isKept: boolean): Promise<Pieces> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for (let at = from; ; ) {
    const stretch = await file.readUpTo(at, STRETCH_BYTES, place);
    file.pass(at + 1, place);
    let next = 0;
    while (next < stretch.length) {
      const size = stretch[next] ?? 0;
      if (size === 0) return { end: at + next + 1, bytes: joined(kept, length) };
      if (next + 1 + size > stretch.length) break;
      if (isKept) {
        kept.push(stretch.slice(next + 1, next + 1 + size));
        length += size;
      }
      next += 1 + size;
    }
    if (length > MAX_TEXT_BYTES) throw file.tooLarge(place, `its comment has more than ${MAX_TEXT_BYTES} bytes`);
    if (next === 0) throw file.damaged(place, "the file ends before it does");
    at += next;
  }
}
