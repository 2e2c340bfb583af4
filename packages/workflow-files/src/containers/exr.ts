import { latin1Of, textOf, untilZero, viewOf } from "../parts/bytes.ts";
import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";

const MULTI_PART = 0x1000;
/** A name and a type have at most 255 bytes each, and a 0 after them; a length follows. */
const ATTRIBUTE_HEAD_BYTES = 2 * 256 + 4;

/** The attributes in the head; a file of several parts has one head for each, and an empty one after the last. */
export async function* readExr(file: Ranges): AsyncGenerator<Tag> {
  const isMultiPart = (viewOf(await file.read(4, 4, "version")).getUint32(0, true) & MULTI_PART) !== 0;
  let isEmpty = true;
  for (let at = 8; ; ) {
    const start = `attribute at byte ${at}`;
    const head = await file.readUpTo(at, ATTRIBUTE_HEAD_BYTES, start);
    if (head.length === 0) throw file.damaged(start, "the file ends before its head does");
    const { bytes: name, end: nameEnd } = untilZero(head);
    if (name.length === 0) {
      if (!isMultiPart || isEmpty) return;
      isEmpty = true;
      file.pass(at + 1, start);
      at += 1;
      continue;
    }
    isEmpty = false;
    const { end: typeEnd } = untilZero(head, nameEnd + 1);
    if (typeEnd + 5 > head.length) throw file.damaged(start, "its name or type has no end");
    const length = viewOf(head).getUint32(typeEnd + 1, true);
    const from = at + typeEnd + 5;
    const place = `attribute at byte ${at}`;
    file.pass(from + length, place);
    const isText = latin1Of(head.subarray(nameEnd + 1, typeEnd)) === "string";
    if (isText && isWanted(latin1Of(name))) {
      yield tag(latin1Of(name), textOf(await file.read(from, length, place)), `attribute ${latin1Of(name)}`);
    }
    at = from + length;
  }
}
