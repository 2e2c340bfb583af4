import type { Ranges } from "../ranges.ts";
import { latin1Of, viewOf } from "./bytes.ts";

/** A chunk of WebP, WAV and AVI. */
export interface Chunk {
  readonly type: string;
  /** Where its content begins, in the file. */
  readonly at: number;
  /** Of its content, in bytes. */
  readonly length: number;
  readonly place: string;
}

/** The length of what was written as it came, or is longer than four bytes can say. */
const UNKNOWN_LENGTH = 0xffffffff;

/** The chunks between two places of a file, each padded to an even length. One without a length reaches to the end. */
export async function* riffChunks(file: Ranges, from: number, to: number, inside = ""): AsyncGenerator<Chunk> {
  for (let at = from; at + 8 <= to; ) {
    const head = await file.read(at, 8, `chunk at byte ${at}${inside}`);
    const type = latin1Of(head.subarray(0, 4));
    const stated = viewOf(head).getUint32(4, true);
    const length = stated === UNKNOWN_LENGTH ? to - at - 8 : stated;
    const place = `chunk ${type.replaceAll(/[^\x20-\x7e]/g, "?")} at byte ${at}${inside}`;
    if (inside !== "" && at + 8 + length > to) throw file.damaged(place, `it ends after what holds it (${to})`);
    file.pass(at + 8 + length, place);
    yield { type, at: at + 8, length, place };
    at += 8 + length + (length % 2);
  }
}
