import { type Box, boxes, contentOf } from "../parts/boxes.ts";
import { latin1Of, textOf, viewOf } from "../parts/bytes.ts";
import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";

/**
 * MP4 and MOV: the tags stand in `moov`, before or after the sound and picture (`mdat`), whose length its own box states: it is
 * stepped over. ComfyUI writes names of its own (`keys`), VideoHelperSuite one comment (`©cmt`).
 */
export async function* readMp4(file: Ranges): AsyncGenerator<Tag> {
  for await (const { type, from, to } of boxes(file, 0, file.size)) {
    if (type !== "moov") continue;
    for await (const box of boxes(file, from, to, " in moov")) {
      if (box.type === "meta") yield* readMeta(file, box);
      if (box.type === "udta") yield* readUserData(file, box);
    }
    return;
  }
}

async function* readUserData(file: Ranges, { from, to }: Box): AsyncGenerator<Tag> {
  for await (const box of boxes(file, from, to, " in udta")) {
    if (box.type === "meta") yield* readMeta(file, box);
    if (box.type === "©cmt") {
      // QuickTime's own form: the text's length and its language stand before it.
      const content = await contentOf(file, box);
      yield tag("comment", textOf(content.subarray(4)), box.place);
    }
  }
}

async function* readMeta(file: Ranges, meta: Box): AsyncGenerator<Tag> {
  // MP4 has four bytes before the boxes in it, QuickTime has none.
  const start = await file.readUpTo(meta.from, 8, meta.place);
  const isQuickTime = latin1Of(start.subarray(4)) === "hdlr";
  let names: string[] = [];
  for await (const box of boxes(file, meta.from + (isQuickTime ? 0 : 4), meta.to, " in meta")) {
    if (box.type === "keys") names = namesOf(await contentOf(file, box), file, box.place);
    if (box.type === "ilst") yield* readValues(file, box, names);
  }
}

/** The names in `keys`; an entry of `ilst` has the number of its name, from 1, where another has its type. */
function namesOf(keys: Uint8Array, file: Ranges, place: string): string[] {
  const names: string[] = [];
  const view = viewOf(keys);
  for (let at = 8; at + 8 <= keys.length; ) {
    const length = view.getUint32(at);
    if (length < 8 || at + length > keys.length) {
      throw file.damaged(place, `name ${names.length + 1} has a length of ${length}, with ${keys.length - at} left`);
    }
    names.push(latin1Of(keys.subarray(at + 8, Math.min(at + length, at + 8 + 64))));
    at += length;
  }
  return names;
}

async function* readValues(file: Ranges, list: Box, names: readonly string[]): AsyncGenerator<Tag> {
  for await (const entry of boxes(file, list.from, list.to, " in ilst")) {
    const name = await nameOf(file, entry, names);
    if (!isWanted(name)) continue;
    for await (const data of boxes(file, entry.from, entry.to, ` in tag ${name}`)) {
      if (data.type !== "data") continue;
      const content = await contentOf(file, data);
      yield tag(name, textOf(content.subarray(8)), `tag ${name}`);
    }
  }
}

/** A comment, a name by its number in `keys`, or the name that an entry brings itself (`----`, as mutagen writes into M4A). */
async function nameOf(file: Ranges, entry: Box, names: readonly string[]): Promise<string> {
  if (entry.type === "©cmt") return "comment";
  if (entry.type !== "----") return names[entry.number - 1] ?? "";
  for await (const box of boxes(file, entry.from, entry.to, " in ----")) {
    if (box.type === "name")
      return latin1Of((await file.readUpTo(box.from, Math.min(68, box.to - box.from), box.place)).subarray(4));
  }
  return "";
}
