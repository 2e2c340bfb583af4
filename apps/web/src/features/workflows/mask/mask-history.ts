import type { MaskBitmap, Rect } from "./mask-bitmap.ts";

/** One change of a mask: the bytes of a part, before and after. */
export interface Patch {
  readonly rect: Rect;
  readonly before: Uint8ClampedArray<ArrayBuffer>;
  readonly after: Uint8ClampedArray<ArrayBuffer>;
}

/** What can be undone, newest last, and what can be done again, next first. */
export interface MaskHistory {
  readonly done: readonly Patch[];
  readonly undone: readonly Patch[];
}

export const noHistory: MaskHistory = { done: [], undone: [] };

/** The most bytes of what can be undone: of a large picture, whole inversions would fill a phone's memory. */
const MOST_BYTES = 128 * 1024 * 1024;

function cut(data: Uint8ClampedArray, width: number, rect: Rect): Uint8ClampedArray<ArrayBuffer> {
  const part = new Uint8ClampedArray(rect.width * rect.height);
  for (let y = 0; y < rect.height; y += 1) {
    const start = (rect.y + y) * width + rect.x;
    part.set(data.subarray(start, start + rect.width), y * rect.width);
  }
  return part;
}

/** What changed within `rect`, between an earlier copy of the mask's bytes and now. */
export function patchOf(before: Uint8ClampedArray, mask: MaskBitmap, rect: Rect): Patch {
  return { rect, before: cut(before, mask.width, rect), after: cut(mask.data, mask.width, rect) };
}

/** The history with one more change. Undone changes are dropped, and the oldest ones once all of them are larger than `mostBytes`. */
export function withPatch({ done }: MaskHistory, patch: Patch, mostBytes = MOST_BYTES): MaskHistory {
  const kept: Patch[] = [];
  let bytes = 0;
  for (const one of [patch, ...done.toReversed()]) {
    bytes += one.before.length * 2;
    if (bytes > mostBytes && kept.length > 0) break;
    kept.push(one);
  }
  return { done: kept.reverse(), undone: [] };
}

function put(mask: MaskBitmap, rect: Rect, part: Uint8ClampedArray): void {
  for (let y = 0; y < rect.height; y += 1) {
    mask.data.set(part.subarray(y * rect.width, (y + 1) * rect.width), (rect.y + y) * mask.width + rect.x);
  }
}

/** Takes the last change back. Answers with what changed; null: there is nothing to take back. */
export function undo(mask: MaskBitmap, { done, undone }: MaskHistory): { history: MaskHistory; rect: Rect } | null {
  const last = done.at(-1);
  if (last === undefined) return null;
  put(mask, last.rect, last.before);
  return { history: { done: done.slice(0, -1), undone: [last, ...undone] }, rect: last.rect };
}

/** Does again what was taken back last. */
export function redo(mask: MaskBitmap, { done, undone }: MaskHistory): { history: MaskHistory; rect: Rect } | null {
  const [next, ...rest] = undone;
  if (next === undefined) return null;
  put(mask, next.rect, next.after);
  return { history: { done: [...done, next], undone: rest }, rect: next.rect };
}
