import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";
import { latin1Of, startsWith, textOf, viewOf } from "./bytes.ts";

const ASCII = 2;
const EXIF_DIRECTORY = 0x8769;
const USER_COMMENT = 0x9286;
const DESCRIPTION = 0x010e;

interface Entry {
  readonly id: number;
  readonly type: number;
  readonly value: Uint8Array;
}

/**
 * The texts of an EXIF block: those that ComfyUI puts into fields for makes and models of cameras as `name:text`, from 0x0110
 * downwards, and those that other programs put into the comment.
 *
 * @param bytes from the TIFF head (`MM` or `II`), or with `Exif\0\0` before it
 */
export function* exifTags(bytes: Uint8Array, file: Ranges, place: string): Generator<Tag> {
  const tiff = startsWith(bytes, "Exif\0\0") ? bytes.subarray(6) : bytes;
  const isLittle = startsWith(tiff, "II*\0");
  if (!isLittle && !startsWith(tiff, "MM\0*")) throw file.damaged(place, "it does not begin with a TIFF head");
  if (tiff.length < 8) throw file.damaged(place, "it is shorter than a TIFF head");
  const view = viewOf(tiff);
  for (const { id, type, value } of entries(view, view.getUint32(4, isLittle), isLittle, file, place)) {
    const at = `${place}, tag 0x${id.toString(16).padStart(4, "0")}`;
    if (id === EXIF_DIRECTORY && value.length >= 4) {
      const from = viewOf(value).getUint32(0, isLittle);
      for (const inner of entries(view, from, isLittle, file, place)) {
        if (inner.id === USER_COMMENT) yield tag("parameters", userComment(inner.value), `${place}, user comment`);
      }
    } else if (type === ASCII) {
      // The whole value is decoded only if it is wanted: every tag of a hostile file may point to the same large value.
      const name = /^(\w+):/.exec(latin1Of(value.subarray(0, 40)))?.[1] ?? "";
      if (isWanted(name)) yield tag(name, asciiOf(value.subarray(name.length + 1)), at);
      else if (id === DESCRIPTION) yield tag("description", asciiOf(value), at);
    }
  }
}

function asciiOf(value: Uint8Array): string {
  return textOf(value).replace(/\0+$/, "");
}

/** Bytes of one value of each type of TIFF; 0 for what is no type. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** One directory. What it says of others is not followed, so that none can lead back to itself. */
function* entries(view: DataView, from: number, isLittle: boolean, file: Ranges, place: string): Generator<Entry> {
  const end = view.byteLength;
  if (from + 2 > end) throw file.damaged(place, `its directory is at byte ${from} of ${end}`);
  const count = view.getUint16(from, isLittle);
  for (let index = 0; index < count; index += 1) {
    const at = from + 2 + index * 12;
    if (at + 12 > end)
      throw file.damaged(place, `its directory has ${count} tags, and ends before number ${index + 1}`);
    const type = view.getUint16(at + 2, isLittle);
    const length = view.getUint32(at + 4, isLittle) * (sizes[type] ?? 0);
    const valueAt = length <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    const id = view.getUint16(at, isLittle);
    if (valueAt + length > end) throw file.damaged(place, `the value of tag 0x${id.toString(16)} ends after the block`);
    file.pass(0, place);
    yield { id, type, value: new Uint8Array(view.buffer, view.byteOffset + valueAt, length) };
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
