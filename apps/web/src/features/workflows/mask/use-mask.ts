"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../../language/say.ts";
import {
  coverage,
  emptyMask,
  feathered,
  greyPixels,
  invert,
  type MaskBitmap,
  type Point,
  paintLine,
  type Rect,
  union,
  wholeOf,
} from "./mask-bitmap.ts";
import { noHistory, patchOf, redo, undo, withPatch } from "./mask-history.ts";

export interface BrushSettings {
  /** In natural pixels of the picture. */
  readonly radius: number;
  readonly isEraser: boolean;
}

/** A picture's pixels at its natural size. */
async function load(url: string): Promise<{ width: number; height: number; pixels: Uint8ClampedArray }> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0);
  return { width, height, pixels: context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray() };
}

/** Draws the mask as its file will be; while a stroke goes on its edges are hard, since to soften them takes longer than a frame. */
function useShown(bitmap: RefObject<MaskBitmap>, feather: number) {
  /** Draws a part of a mask; the canvas sets it. */
  const draw = useRef<(mask: MaskBitmap, rect: Rect) => void>(() => {});
  const softness = useRef(0);
  const show = useCallback(
    (changed: Rect): void => {
      const isHard = softness.current === 0;
      const shown = isHard ? bitmap.current : feathered(bitmap.current, softness.current);
      draw.current(shown, isHard ? changed : wholeOf(shown));
    },
    [bitmap],
  );
  useEffect(() => {
    softness.current = feather;
    const frame = requestAnimationFrame(() => show(wholeOf(bitmap.current)));
    return () => cancelAnimationFrame(frame);
  }, [bitmap, feather, show]);
  return { draw, show };
}

/** A mask that is being painted: its bytes, what changed in them, and what can be taken back. */
export function useMask(pictureUrl: string, maskUrl: string | null) {
  const bitmap = useRef<MaskBitmap>(emptyMask(0, 0));
  const history = useRef(noHistory);
  /** The bytes before the stroke that goes on, and what it has changed so far. */
  const stroke = useRef<{ before: Uint8ClampedArray<ArrayBuffer>; rect: Rect | null } | null>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [can, setCan] = useState({ undo: false, redo: false });
  const [brush, setBrush] = useState<BrushSettings>({ radius: 24, isEraser: false });
  const [fits, setFits] = useState(0);
  const [feather, setFeather] = useState(0);
  const { draw, show } = useShown(bitmap, feather);

  useEffect(() => {
    let isGone = false;
    (async () => {
      const { width, height } = await load(pictureUrl);
      const mask = emptyMask(width, height);
      const held = maskUrl === null ? null : await load(maskUrl).catch(() => null);
      // A mask of another size is of another picture.
      if (held?.width === width && held.height === height)
        for (let place = 0; place < mask.data.length; place += 1) mask.data[place] = held.pixels[place * 4] ?? 0;
      if (isGone) return;
      bitmap.current = mask;
      setBrush((now) => ({ ...now, radius: Math.max(4, Math.round(Math.min(width, height) / 24)) }));
      setSize({ width, height });
    })().catch(() => setProblem(t`The picture could not be loaded. Close this and try again.`));
    return () => {
      isGone = true;
    };
  }, [pictureUrl, maskUrl]);

  const told = useCallback(
    (rect: Rect): void => {
      show(rect);
      setCan({ undo: history.current.done.length > 0, redo: history.current.undone.length > 0 });
    },
    [show],
  );
  const step = (of: typeof undo): void => {
    const next = of(bitmap.current, history.current);
    if (next === null) return;
    history.current = next.history;
    told(next.rect);
  };
  const whole = (change: (mask: MaskBitmap) => void): void => {
    const before = bitmap.current.data.slice();
    change(bitmap.current);
    const rect = wholeOf(bitmap.current);
    history.current = withPatch(history.current, patchOf(before, bitmap.current, rect));
    told(rect);
  };

  return {
    size,
    problem,
    isReady: size !== null,
    bitmap,
    draw,
    brush,
    setBrush,
    feather,
    setFeather,
    /** Raised each time the whole picture is to be shown. */
    fits,
    fit: () => setFits((held) => held + 1),
    canUndo: can.undo,
    canRedo: can.redo,
    undo: () => step(undo),
    redo: () => step(redo),
    invert: () => whole(invert),
    fill: (value: number) => whole(({ data }) => data.fill(value)),
    painted: () => coverage(bitmap.current),
    /** Goes on with a stroke, and begins one if none goes on. */
    line(from: Point, to: Point, pressure: number): void {
      stroke.current ??= { before: bitmap.current.data.slice(), rect: null };
      const rect = paintLine(bitmap.current, { from, to, radius: brush.radius * pressure, isEraser: brush.isEraser });
      if (rect === null) return;
      stroke.current.rect = union(stroke.current.rect, rect);
      draw.current(bitmap.current, rect);
    },
    /** Ends the stroke, which undo takes back as a whole. `isKept` false: it was not meant as one, and is taken back at once. */
    end(isKept = true): void {
      const { before, rect } = stroke.current ?? { before: null, rect: null };
      stroke.current = null;
      if (before === null || rect === null) return;
      if (isKept) history.current = withPatch(history.current, patchOf(before, bitmap.current, rect));
      else bitmap.current.data.set(before);
      told(rect);
    },
    /** The mask as a PNG of the picture's natural size. Null if the browser can't write one. */
    toFile: (): Promise<File | null> => fileOf(feathered(bitmap.current, feather)),
  };
}

async function fileOf(mask: MaskBitmap): Promise<File | null> {
  const canvas = document.createElement("canvas");
  canvas.width = mask.width;
  canvas.height = mask.height;
  canvas.getContext("2d")?.putImageData(new ImageData(greyPixels(mask), mask.width, mask.height), 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob === null ? null : new File([blob], "mask.png", { type: "image/png" });
}

export type Mask = ReturnType<typeof useMask>;
