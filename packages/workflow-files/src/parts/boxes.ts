import type { Ranges } from "../ranges.ts";
import { latin1Of, viewOf } from "./bytes.ts";

/** A box of MP4, MOV, AVIF and HEIC. */
export interface Box {
  readonly type: string;
  /** The same four bytes as a number, which is what they are in a list of tags. */
  readonly number: number;
  /** Where its content begins, in the file. */
  readonly from: number;
  /** Where it ends. */
  readonly to: number;
  readonly place: string;
}

/** The boxes between two places of a file. Each ends after it begins and within what holds it, so that none leads back. */
export async function* boxes(file: Ranges, from: number, to: number, inside = ""): AsyncGenerator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const head = await file.read(at, Math.min(16, to - at), `box at byte ${at}${inside}`);
    const view = viewOf(head);
    const type = latin1Of(head.subarray(4, 8));
    const place = `box ${printable(type)} at byte ${at}${inside}`;
    const short = view.getUint32(0);
    if (short === 1 && head.length < 16) throw file.damaged(place, "it ends before its length");
    const headLength = short === 1 ? 16 : 8;
    const length = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? to - at : short;
    if (length < headLength) throw file.damaged(place, `its length of ${length} is less than its head`);
    if (at + length > to) throw file.damaged(place, `it ends at byte ${at + length}, after what holds it (${to})`);
    file.pass(at + length, place);
    yield { type, number: view.getUint32(4), from: at + headLength, to: at + length, place };
    at += length;
  }
}

function printable(type: string): string {
  return type.replaceAll(/[^\x20-\x7e\u00a9]/g, "?");
}

/** The whole content of a box. */
export function contentOf(file: Ranges, { from, to, place }: Box): Promise<Uint8Array<ArrayBuffer>> {
  return file.read(from, to - from, place);
}
