import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";
import { latin1Of, startsWith, textOf, viewOf } from "./bytes.ts";

const UNSYNCHRONISED = 0x80;
const EXTENDED = 0x40;
/** Of a frame in version 2.4: compressed or encrypted; changed as a whole tag may be; its length before compression follows. */
const OPAQUE = 0x0c;
const FRAME_UNSYNCHRONISED = 0x02;
const FRAME_LENGTH = 0x01;

/** An ID3v2 tag at a place of a file, versions 2.2 to 2.4: frames with a name and a text. Gives where it ends; null if there is none. */
export async function* id3Tags(file: Ranges, start: number): AsyncGenerator<Tag, number | null> {
  const head = await file.read(start, 10, "ID3 head");
  if (!startsWith(head, "ID3")) return null;
  const [, , , version = 0, , flags = 0] = head;
  if (version < 2 || version > 4) throw file.damaged("ID3 head", `its version is 2.${version}`);
  const whole = await file.read(start + 10, syncSafe(head, 6), "ID3 tag");
  const body = version < 4 && (flags & UNSYNCHRONISED) !== 0 ? synchronised(whole) : whole;
  const extended = (flags & EXTENDED) !== 0 && body.length >= 4;
  const skipped = !extended ? 0 : version === 4 ? syncSafe(body, 0) : version === 3 ? viewOf(body).getUint32(0) + 4 : 0;
  for (const frame of frames(body, skipped, version, file)) yield* textFrame(frame);
  return start + 10 + whole.length;
}

interface Frame {
  readonly id: string;
  readonly body: Uint8Array;
  readonly place: string;
}

function* frames(body: Uint8Array, from: number, version: number, file: Ranges): Generator<Frame> {
  const [idLength, headLength] = version === 2 ? [3, 6] : [4, 10];
  // What follows the last frame is filled with 0.
  for (let at = from; at + headLength <= body.length && body[at] !== 0; ) {
    const id = latin1Of(body.subarray(at, at + idLength)).replaceAll(/[^A-Z0-9]/g, "?");
    const place = `ID3 frame ${id} at byte ${at + 10}`;
    const view = viewOf(body.subarray(at + idLength, at + headLength));
    const length =
      version === 2
        ? view.getUint16(0) * 256 + view.getUint8(2)
        : version === 3
          ? view.getUint32(0)
          : syncSafe(body, at + idLength);
    const end = at + headLength + length;
    if (end > body.length) throw file.damaged(place, `it ends at byte ${end} of a tag of ${body.length}`);
    file.pass(0, place);
    const flags = version === 4 ? (body[at + 9] ?? 0) : 0;
    if ((flags & OPAQUE) === 0) {
      const data = body.subarray(at + headLength + (flags & FRAME_LENGTH) * 4, end);
      yield { id, body: (flags & FRAME_UNSYNCHRONISED) === 0 ? data : synchronised(data), place };
    }
    at = end;
  }
}

/** A frame that a program names itself (`TXXX`), or a comment, which has its language before its name. */
function* textFrame({ id, body, place }: Frame): Generator<Tag> {
  const isComment = id === "COMM" || id === "COM";
  if (!isComment && id !== "TXXX" && id !== "TXX") return;
  const [encoding = 0] = body;
  const isWide = encoding === 1 || encoding === 2;
  const strings = body.subarray(isComment ? 4 : 1);
  const end = endOfString(strings, isWide);
  const name = isComment ? "comment" : decode(strings.subarray(0, Math.min(end, 200)), encoding);
  if (!isWanted(name)) return;
  yield tag(name, decode(strings.subarray(end + (isWide ? 2 : 1)), encoding).replace(/\0+$/, ""), place);
}

function endOfString(bytes: Uint8Array, isWide: boolean): number {
  if (!isWide) return bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0);
  let at = 0;
  while (at + 1 < bytes.length && (bytes[at] !== 0 || bytes[at + 1] !== 0)) at += 2;
  return at;
}

function decode(bytes: Uint8Array, encoding: number): string {
  if (encoding !== 1 && encoding !== 2) return textOf(bytes);
  const isLittle = encoding === 1 && bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isLittle ? "utf-16le" : "utf-16be").decode(bytes);
}

/** Four bytes of seven bits: no byte of a length can be taken for the start of the sound. */
function syncSafe(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((number, index) => number * 128 + ((bytes[at + index] ?? 0) & 0x7f), 0);
}

/** Without the 0 that was put after each 0xff so that no player takes it for the start of the sound. */
function synchronised(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, index) => byte !== 0 || index === 0 || bytes[index - 1] !== 0xff);
}
