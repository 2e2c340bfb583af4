import type { Ranges } from "../ranges.ts";
import { isWanted, type Tag, tag } from "../tag.ts";
import { latin1Of, textOf, viewOf } from "./bytes.ts";

/** The comments of FLAC, Opus and Vorbis: `name=text`, after the name of the program that wrote them. */
export function* vorbisComments(bytes: Uint8Array, file: Ranges, place: string): Generator<Tag> {
  const view = viewOf(bytes);
  let at = 0;
  const number = (what: string): number => {
    if (at + 4 > bytes.length) throw file.damaged(place, `it ends before ${what}`);
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const encoderLength = number("the length of the encoder's name");
  at += encoderLength;
  const count = number("the number of comments");
  for (let index = 0; index < count; index += 1) {
    const length = number(`comment ${index + 1} of ${count}`);
    if (at + length > bytes.length) throw file.damaged(place, `comment ${index + 1} of ${count} ends after the block`);
    const comment = bytes.subarray(at, at + length);
    at += length;
    const name = latin1Of(comment.subarray(0, 40)).split("=", 1)[0] ?? "";
    if (isWanted(name)) yield tag(name, textOf(comment.subarray(name.length + 1)), `comment ${name}`);
  }
}
