import { latin1Of, textOf, untilZero, viewOf } from "../parts/bytes.ts";
import { exifTags } from "../parts/exif.ts";
import { inflate } from "../parts/inflate.ts";
import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";

/** A keyword has at most 79 bytes and a 0 after it. */
const KEYWORD_BYTES = 80;

/**
 * Texts stand before the picture, or after it: ComfyUI's animated PNGs have theirs (`comf`) after the last frame. Other programs keep
 * the EXIF of what they convert.
 */
export async function* readPng(file: Ranges): AsyncGenerator<Tag> {
  let exif: { readonly at: number; readonly length: number; readonly place: string } | null = null;
  for (let at = 8; ; ) {
    const head = await file.read(at, 8, `chunk at byte ${at}`);
    const length = viewOf(head).getUint32(0);
    const type = latin1Of(head.subarray(4));
    if (type === "IEND") break;
    const place = `chunk ${type.replaceAll(/[^A-Za-z]/g, "?")} at byte ${at}`;
    file.pass(at + 12 + length, place);
    const text = textTypes[type];
    if (text !== undefined) {
      const start = await file.read(at + 8, Math.min(length, KEYWORD_BYTES), place);
      const { bytes: keyword } = untilZero(start);
      const name = latin1Of(keyword);
      if (isWanted(name)) {
        const data = await file.read(at + 8, length, place);
        yield tag(name, await text(data.subarray(Math.min(keyword.length + 1, data.length)), file, place), place);
      }
    }
    if (type === "eXIf") exif = { at: at + 8, length, place };
    at += 12 + length;
  }
  // Last, so that no damage in it hides a text.
  if (exif !== null) yield* exifTags(await file.read(exif.at, exif.length, exif.place), file, exif.place);
}

/** The chunks that hold a keyword and a text, by how the text is written; `data` begins after the keyword and its 0. */
const textTypes: Record<
  string,
  ((data: Uint8Array<ArrayBuffer>, file: Ranges, place: string) => string | Promise<string>) | undefined
> = {
  tEXt: textOf,
  comf: textOf,
  zTXt: async (data, file, place) => textOf(await inflate(data.subarray(1), file, place)),
  iTXt: async (data, file, place) => {
    // A flag, a method, a language and the keyword in that language stand before the text.
    const language = untilZero(data, 2).end;
    const text = data.subarray(untilZero(data, language + 1).end + 1);
    return textOf(data[0] === 1 ? await inflate(text, file, place) : text);
  },
};
