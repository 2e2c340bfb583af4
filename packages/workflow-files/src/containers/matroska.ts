import { textOf } from "../parts/bytes.ts";
import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";

const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const CLUSTER = 0x1f43b675;
const TAGS = 0x1254c367;
const TAG = 0x7373;
const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;

interface Element {
  readonly id: number;
  readonly from: number;
  /** Where it ends; where what holds it ends, if a live recording left its length open. */
  readonly to: number;
  readonly isOpen: boolean;
  readonly place: string;
}

/**
 * WebM and MKV. The tags stand before the first cluster of sound and picture (ffmpeg) or after the last (mkvmerge): then the
 * table at the start says where, and if it does not, each cluster is stepped over.
 */
export async function* readMatroska(file: Ranges): AsyncGenerator<Tag> {
  for await (const segment of elements(file, 0, file.size)) {
    if (segment.id !== SEGMENT) continue;
    let tagsAt: number | undefined;
    for await (const element of elements(file, segment.from, segment.to)) {
      if (element.id === TAGS) return yield* readTags(file, element);
      if (element.id === SEEK_HEAD) tagsAt ??= await seekTags(file, element);
      if (element.id !== CLUSTER) continue;
      if (tagsAt !== undefined) return yield* readTagsAt(file, segment.from + tagsAt, segment.to);
      if (element.isOpen) return;
    }
    return;
  }
}

async function* readTagsAt(file: Ranges, at: number, to: number): AsyncGenerator<Tag> {
  for await (const element of elements(file, at, to)) {
    if (element.id === TAGS) yield* readTags(file, element);
    return;
  }
}

async function* readTags(file: Ranges, tags: Element): AsyncGenerator<Tag> {
  for await (const one of elements(file, tags.from, tags.to)) {
    if (one.id !== TAG) continue;
    for await (const simple of elements(file, one.from, one.to)) {
      if (simple.id !== SIMPLE_TAG) continue;
      let name = "";
      let text: Element | undefined;
      for await (const part of elements(file, simple.from, simple.to)) {
        if (part.id === TAG_NAME)
          name = textOf(await file.read(part.from, Math.min(part.to - part.from, 64), part.place));
        if (part.id === TAG_STRING) text = part;
      }
      if (!isWanted(name) || text === undefined) continue;
      yield tag(name, textOf(await file.read(text.from, text.to - text.from, text.place)), `tag ${name}`);
    }
  }
}

/** Where the tags stand, from the start of the segment's content. */
async function seekTags(file: Ranges, head: Element): Promise<number | undefined> {
  for await (const seek of elements(file, head.from, head.to)) {
    if (seek.id !== SEEK) continue;
    let id = 0;
    let position: number | undefined;
    for await (const part of elements(file, seek.from, seek.to)) {
      const number = async () => numberOf(await file.read(part.from, Math.min(part.to - part.from, 8), part.place));
      if (part.id === SEEK_ID) id = await number();
      if (part.id === SEEK_POSITION) position = await number();
    }
    if (id === TAGS) return position;
  }
  return undefined;
}

/** The elements between two places. Each ends after it begins and within what holds it, so that none leads back. */
async function* elements(file: Ranges, from: number, to: number): AsyncGenerator<Element> {
  for (let at = from; at < to; ) {
    const start = `element at byte ${at}`;
    const head = await file.read(at, Math.min(12, to - at), start);
    const idWidth = widthOf(head[0]);
    if (idWidth > 4) throw file.damaged(start, "its id is longer than four bytes");
    const id = numberOf(head.subarray(0, idWidth));
    const place = `element 0x${id.toString(16)} at byte ${at}`;
    const lengthWidth = widthOf(head[idWidth]);
    const lengthBytes = head.slice(idWidth, idWidth + lengthWidth);
    if (lengthWidth > 8 || lengthBytes.length < lengthWidth) throw file.damaged(place, "its length is not complete");
    // The first bit that is set says how wide the number is, and is no part of it. All the others set: not known.
    lengthBytes[0] = (lengthBytes[0] ?? 0) & (0xff >> lengthWidth);
    const isOpen = lengthBytes.every((byte, index) => byte === (index === 0 ? 0xff >> lengthWidth : 0xff));
    const content = at + idWidth + lengthWidth;
    const stated = content + numberOf(lengthBytes);
    // The segment is nearly all of the file: of a download that broke off, what came may hold the tags.
    const end = isOpen ? to : id === SEGMENT ? Math.min(stated, to) : stated;
    if (end > to) throw file.damaged(place, `it ends at byte ${end}, after what holds it (${to})`);
    file.pass(end, place);
    yield { id, from: content, to: end, isOpen, place };
    at = end;
  }
}

/** How many bytes a number of EBML has, by its first: 1 to 8; 9 if that is 0, which is none. */
function widthOf(first = 0): number {
  return Math.clz32(first) - 23;
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}
