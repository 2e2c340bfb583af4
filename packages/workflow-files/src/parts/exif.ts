import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";
import { latin1Of, startsWith, textOf, viewOf } from "./bytes.ts";

const ASCII = 2;
const EXIF_DIRECTORY = 0x8769;
const USER_COMMENT = 0x9286;
const DESCRIPTION = 0x010e;

/** Bytes of a TIFF head and all that it points to: in memory, or in a file. */
interface TiffSource {
  readonly length: number;
  readonly read: (at: number, length: number, place: string) => Promise<Uint8Array> | Uint8Array;
}

interface Entry {
  readonly id: number;
  readonly type: number;
  readonly valueAt: number;
  /** Of the value, in bytes. */
  readonly length: number;
}

/**
 * The texts of an EXIF block.
 *
 * @param bytes from the TIFF head (`MM` or `II`), or with `Exif\0\0` before it
 */
export function exifTags(bytes: Uint8Array, file: Ranges, place: string): AsyncGenerator<Tag> {
  const tiff = startsWith(bytes, "Exif\0\0") ? bytes.subarray(6) : bytes;
  return tiffTags({ length: tiff.length, read: (at, length) => tiff.subarray(at, at + length) }, file, place);
}

/**
 * The texts of a directory of TIFF: those that ComfyUI puts into fields for makes and models of cameras as `name:text`, from 0x0110
 * downwards, and those that other programs put into the description and the comment.
 */
export async function* tiffTags(source: TiffSource, file: Ranges, place: string): AsyncGenerator<Tag> {
  if (source.length < 8) throw file.damaged(place, "it is shorter than a TIFF head");
  const head = await source.read(0, Math.min(16, source.length), place);
  const form = formOf(head);
  if (form === null) throw file.damaged(place, "it does not begin with a TIFF head");
  if (head.length < 2 * form.word) throw file.damaged(place, "it is shorter than a BigTIFF head");
  const first = wordAt(viewOf(head), form.word, form);
  const contentOf = ({ valueAt, length }: Entry, skipped = 0) =>
    source.read(valueAt + skipped, Math.max(0, length - skipped), place);
  for await (const entry of entries(source, first, form, file, place)) {
    const { id, type, length } = entry;
    const at = `${place}, tag 0x${id.toString(16).padStart(4, "0")}`;
    if (id === EXIF_DIRECTORY && length >= 4) {
      const from = wordAt(viewOf(await contentOf(entry)), 0, { ...form, word: length < 8 ? 4 : 8 });
      for await (const inner of entries(source, from, form, file, place)) {
        if (inner.id === USER_COMMENT)
          yield tag("parameters", userComment(await contentOf(inner)), `${place}, user comment`);
      }
    } else if (type === ASCII) {
      // The whole value is read only if it is wanted: every tag of a hostile file may point to the same large value.
      const start = await source.read(entry.valueAt, Math.min(length, 40), place);
      const name = /^(\w+):/.exec(latin1Of(start))?.[1] ?? "";
      if (isWanted(name)) yield tag(name, asciiOf(await contentOf(entry, name.length + 1)), at);
      else if (id === DESCRIPTION) yield tag("description", asciiOf(await contentOf(entry)), at);
    }
  }
}

function asciiOf(value: Uint8Array): string {
  return textOf(value).replace(/\0+$/, "");
}

/** How numbers are written: in BigTIFF, places and lengths have eight bytes. */
interface Form {
  readonly isLittle: boolean;
  readonly word: 4 | 8;
}

function formOf(head: Uint8Array): Form | null {
  const isLittle = startsWith(head, "II");
  const start = latin1Of(head.subarray(2, 4));
  const magic = isLittle ? start : [...start].reverse().join("");
  if ((!isLittle && !startsWith(head, "MM")) || !/^[*+]\0$/.test(magic)) return null;
  return { isLittle, word: magic.startsWith("+") ? 8 : 4 };
}

function wordAt(view: DataView, at: number, { isLittle, word }: Form): number {
  return word === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle));
}

/** Bytes of one value of each type of TIFF; 0 for what is no type. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** One directory. What it says of others is not followed, so that none can lead back to itself. */
async function* entries(
  source: TiffSource,
  from: number,
  form: Form,
  file: Ranges,
  place: string,
): AsyncGenerator<Entry> {
  const end = source.length;
  const [countLength, entryLength] = form.word === 4 ? [2, 12] : [8, 20];
  if (from + countLength > end) throw file.damaged(place, `its directory is at byte ${from} of ${end}`);
  const counted = viewOf(await source.read(from, countLength, place));
  const count = form.word === 4 ? counted.getUint16(0, form.isLittle) : wordAt(counted, 0, form);
  for (let index = 0; index < count; index += 1) {
    const at = from + countLength + index * entryLength;
    if (at + entryLength > end)
      throw file.damaged(place, `its directory has ${count} tags, and ends before number ${index + 1}`);
    const view = viewOf(await source.read(at, entryLength, place));
    const type = view.getUint16(2, form.isLittle);
    const length = wordAt(view, 4, form) * (sizes[type] ?? 0);
    const valueAt = length <= form.word ? at + 4 + form.word : wordAt(view, 4 + form.word, form);
    const id = view.getUint16(0, form.isLittle);
    if (valueAt + length > end) throw file.damaged(place, `the value of tag 0x${id.toString(16)} ends after the block`);
    file.pass(0, place);
    yield { id, type, valueAt, length };
  }
}

/** Eight bytes say how the text is written; A1111 writes UTF-16 in big-endian, SwarmUI in little-endian, both say `UNICODE`. */
function userComment(value: Uint8Array): string {
  const text = value.subarray(8);
  const code = latin1Of(value.subarray(0, 8));
  if (code === "UNICODE\0") {
    let zerosFirst = 0;
    for (let at = 0; at + 1 < text.length; at += 2)
      zerosFirst += (text[at] === 0 ? 1 : 0) - (text[at + 1] === 0 ? 1 : 0);
    return new TextDecoder(zerosFirst < 0 ? "utf-16le" : "utf-16be").decode(text);
  }
  return asciiOf(code === "ASCII\0\0\0" || code === "\0".repeat(8) ? text : value);
}
