import { describe, expect, it } from "vitest";
import { whitenTransparent } from "./as-mask.ts";
import {
  coverage,
  emptyMask,
  feathered,
  greyPixels,
  invert,
  type MaskBitmap,
  paintLine,
  union,
  veilPixels,
} from "./mask-bitmap.ts";
import { noHistory, patchOf, redo, undo, withPatch } from "./mask-history.ts";
import { fitted, pinched, resized, toPicture, zoomed } from "./mask-view.ts";

const rows = ({ width, data }: MaskBitmap): string[] =>
  Array.from({ length: data.length / width }, (_, y) =>
    [...data.slice(y * width, (y + 1) * width)]
      .map((value) => (value === 0 ? "." : value === 255 ? "#" : "+"))
      .join(""),
  );

describe("a line on a mask", () => {
  it("has round ends and a soft edge, alike on both sides", () => {
    const mask = emptyMask(8, 5);
    paintLine(mask, { from: { x: 3, y: 2.5 }, to: { x: 5, y: 2.5 }, radius: 1.8, isEraser: false });
    const painted = rows(mask);
    expect(painted[2]).toBe(".+####+.");
    expect(painted.toReversed()).toEqual(painted);
    expect(painted.map((row) => [...row].reverse().join(""))).toEqual(painted);
  });

  it("sets exactly the pixels whose middles it covers", () => {
    const mask = emptyMask(6, 4);
    paintLine(mask, { from: { x: 1.5, y: 1.5 }, to: { x: 3.5, y: 1.5 }, radius: 0.5, isEraser: false });
    expect(rows(mask)).toEqual(["......", ".###..", "......", "......"]);
  });

  it("is cut off at the edge, and none beyond it", () => {
    const mask = emptyMask(4, 4);
    expect(paintLine(mask, { from: { x: -9, y: 1 }, to: { x: -5, y: 1 }, radius: 2, isEraser: false })).toBeNull();
    expect(paintLine(mask, { from: { x: -9, y: 1.5 }, to: { x: 0.5, y: 1.5 }, radius: 0.5, isEraser: false })).toEqual({
      ...{ x: 0, y: 0, width: 2, height: 3 },
    });
    expect(rows(mask)).toEqual(["....", "#...", "....", "...."]);
  });

  it("is erased by the same line", () => {
    const mask = emptyMask(9, 9);
    const line = { from: { x: 2.2, y: 3.1 }, to: { x: 6.4, y: 5.7 }, radius: 2 };
    paintLine(mask, { ...line, isEraser: false });
    expect(coverage(mask)).toBeGreaterThan(10);
    paintLine(mask, { ...line, radius: 3, isEraser: true });
    expect(coverage(mask)).toBe(0);
  });
});

it("an inverted mask is white where it was black", () => {
  const mask = emptyMask(2, 1);
  mask.data.set([255, 40]);
  invert(mask);
  expect([...mask.data]).toEqual([0, 215]);
  expect([...greyPixels(mask)]).toEqual([0, 0, 0, 255, 215, 215, 215, 255]);
});

it("a feathered mask keeps its size and its even parts, and falls evenly over the edge", () => {
  const mask = emptyMask(40, 3);
  for (let y = 0; y < 3; y += 1) mask.data.fill(255, y * 40 + 20, (y + 1) * 40);
  const soft = [...feathered(mask, 6).data.slice(40, 80)];
  expect([soft[0], soft[39]]).toEqual([0, 255]);
  expect(soft).toEqual(soft.toSorted((a, b) => a - b));
  expect(Math.abs((soft[19] ?? 0) + (soft[20] ?? 0) - 255)).toBeLessThan(4);
  expect(feathered(mask, 0)).toEqual(mask);
});

describe("the history of a mask", () => {
  const stroke = (mask: MaskBitmap, x: number) => {
    const before = mask.data.slice();
    const rect = paintLine(mask, { from: { x, y: 1.5 }, to: { x, y: 1.5 }, radius: 0.5, isEraser: false });
    return patchOf(before, mask, union(rect, null) ?? { x: 0, y: 0, width: 0, height: 0 });
  };

  it("takes strokes back and does them again, in order", () => {
    const mask = emptyMask(5, 3);
    let history = withPatch(withPatch(noHistory, stroke(mask, 0.5)), stroke(mask, 3.5));
    const both = mask.data.slice();
    for (const expected of ["#....", "....."]) {
      history = undo(mask, history)?.history ?? history;
      expect(rows(mask)[1]).toBe(expected);
    }
    expect(undo(mask, history)).toBeNull();
    for (let again = 0; again < 2; again += 1) history = redo(mask, history)?.history ?? history;
    expect(mask.data).toEqual(both);
    expect(redo(mask, history)).toBeNull();
  });

  it("forgets what was undone once something new is painted, and the oldest when it grows too large", () => {
    const mask = emptyMask(5, 3);
    const [first, second, third] = [stroke(mask, 0.5), stroke(mask, 2.5), stroke(mask, 4.5)];
    const undone = undo(mask, withPatch(withPatch(noHistory, first), second))?.history ?? noHistory;
    expect(withPatch(undone, third)).toEqual({ done: [first, third], undone: [] });
    expect(withPatch({ done: [first, second], undone: [] }, third, third.before.length * 2).done).toEqual([third]);
  });
});

describe("the view of a picture", () => {
  const box = { width: 432, height: 332 };

  it.each([
    [
      { width: 800, height: 600 },
      { scale: 0.5, x: 16, y: 16 },
    ],
    [
      { width: 800, height: 100 },
      { scale: 0.5, x: 16, y: 141 },
    ],
    [
      { width: 10, height: 10 },
      { scale: 8, x: 176, y: 126 },
    ],
  ])("of %o fits", (picture, view) => {
    expect(fitted(picture, box)).toEqual(view);
  });

  it("keeps the place under the pointer while it is zoomed, and under two fingers", () => {
    const view = { scale: 0.5, x: 16, y: 16 };
    const at = { x: 116, y: 66 };
    expect(toPicture(view, at)).toEqual({ x: 200, y: 100 });
    expect(toPicture(zoomed(view, at, 3), at)).toEqual({ x: 200, y: 100 });
    const fingers = [
      { x: 100, y: 50 },
      { x: 120, y: 50 },
    ] as const;
    const apart = [
      { x: 200, y: 80 },
      { x: 240, y: 80 },
    ] as const;
    const next = pinched(view, fingers, apart);
    expect(next.scale).toBe(1);
    for (const nth of [0, 1] as const) expect(toPicture(next, apart[nth])).toEqual(toPicture(view, fingers[nth]));
  });

  it("resizes a brush by steps that are felt, within bounds", () => {
    expect([resized(1, true), resized(100, true), resized(1, false), resized(1024, true)]).toEqual([2, 120, 1, 1024]);
  });
});

it("what is transparent in a chosen picture is white in its mask, and an opaque one is a mask already", () => {
  const hole = new Uint8ClampedArray([9, 8, 7, 255, 200, 100, 50, 0, 1, 2, 3, 155]);
  expect(whitenTransparent(hole)).toBe(true);
  expect([...hole]).toEqual([0, 0, 0, 255, 255, 255, 255, 255, 100, 100, 100, 255]);
  const opaque = new Uint8ClampedArray([200, 100, 50, 255]);
  expect(whitenTransparent(opaque)).toBe(false);
  expect([...opaque]).toEqual([200, 100, 50, 255]);
});

it("the veil is there where the mask is, in two colours: one of them is seen over any picture", () => {
  const mask = emptyMask(256, 4);
  mask.data.fill(255, 0, 128);
  const pixels = veilPixels(mask, { x: 0, y: 0, width: 256, height: 1 });
  const [bright, dark, bare] = [0, 2, 200].map((x) => [...pixels.slice(x * 4, x * 4 + 4)]);
  expect([bright?.[3], dark?.[3], bare?.[3]]).toEqual([158, 158, 0]);
  expect((bright?.[0] ?? 0) - (dark?.[0] ?? 0)).toBeGreaterThan(200);
});
