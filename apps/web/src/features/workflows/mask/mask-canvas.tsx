"use client";

import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { t } from "../../../language/say.ts";
import { announce } from "../../../ui/announcer.tsx";
import { type Point, veilPixels, wholeOf } from "./mask-bitmap.ts";
import { fitted, panned, pinched, toPicture, type View, zoomed } from "./mask-view.ts";
import type { Mask } from "./use-mask.ts";

interface MaskCanvasProps {
  readonly mask: Mask;
  readonly pictureUrl: string;
  /** After each stroke by keyboard. */
  readonly onSay: () => void;
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** A pen paints by its pressure, all else with the whole brush. */
const pressureOf = ({ pointerType, pressure }: { pointerType: string; pressure: number }): number =>
  pointerType === "pen" ? Math.max(0.1, pressure) : 1;

/** The picture with the mask as a veil over it, to paint on by mouse, finger, pen or keyboard. */
export function MaskCanvas({ mask, pictureUrl, onSay }: MaskCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const veil = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });
  const [cursor, setCursor] = useState<Point | null>(null);
  const pointers = useRef(new Map<number, Point>());
  /** Where the stroke has come to; null: none goes on. */
  const last = useRef<Point | null>(null);
  const isPressed = useRef(false);
  const { size, fits, draw, bitmap, brush } = mask;

  useLayoutEffect(() => {
    draw.current = (of, rect) => {
      if (rect.width === 0) return;
      const pixels = new ImageData(veilPixels(of, rect), rect.width, rect.height);
      veil.current?.getContext("2d")?.putImageData(pixels, rect.x, rect.y);
    };
    if (size !== null) draw.current(bitmap.current, wholeOf(bitmap.current));
  }, [bitmap, draw, size]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `fits` rises when somebody asks for it
  useLayoutEffect(() => {
    if (size === null || box.current === null) return;
    setView(fitted(size, { width: box.current.clientWidth, height: box.current.clientHeight }));
    setCursor((held) => held ?? { x: size.width / 2, y: size.height / 2 });
    box.current.focus();
  }, [size, fits]);

  useEffect(() => {
    const { current } = box;
    // React listens to the wheel passively, and a passive listener can't keep the page from being zoomed.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      setView((held) => zoomed(held, placeIn(current, event), Math.exp(-event.deltaY / 400)));
    };
    current?.addEventListener("wheel", onWheel, { passive: false });
    return () => current?.removeEventListener("wheel", onWheel);
  }, []);

  const down = (event: PointerEvent): void => {
    box.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, placeIn(box.current, event));
    // A second finger makes the first one's stroke a gesture, which it was all along.
    if (pointers.current.size > 1) {
      last.current = null;
      mask.end(false);
      return;
    }
    if (event.button !== 0) return;
    const at = toPicture(view, placeIn(box.current, event));
    last.current = at;
    mask.line(at, at, pressureOf(event));
  };
  const move = (event: PointerEvent): void => {
    const now = placeIn(box.current, event);
    setCursor(toPicture(view, now));
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other !== undefined) setView((held) => pinched(held, [before, other], [now, other]));
    else if (last.current === null) setView((held) => panned(held, now.x - before.x, now.y - before.y));
    else paintTo(last.current, event.nativeEvent);
  };
  /** Between two frames a pen has been in more places than one. */
  const paintTo = (from: Point, event: globalThis.PointerEvent): void => {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const moved of coalesced.length > 0 ? coalesced : [event]) {
      const at = toPicture(view, placeIn(box.current, moved));
      mask.line(last.current ?? from, at, pressureOf(moved));
      last.current = at;
    }
  };
  const up = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    if (last.current === null) return;
    last.current = null;
    mask.end();
  };

  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== " " || !isPressed.current) return;
    isPressed.current = false;
    mask.end();
    onSay();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    const act = acts[event.key];
    const arrow = arrows[event.key];
    if (arrow === undefined && act === undefined) return;
    event.preventDefault();
    if (arrow !== undefined) moveCursor(arrow, event.shiftKey);
    else act?.(event);
  };
  const acts: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    " ": ({ repeat }) => {
      if (repeat || cursor === null) return;
      isPressed.current = true;
      mask.line(cursor, cursor, 1);
    },
    "+": () => zoomBy(1.25),
    "=": () => zoomBy(1.25),
    "-": () => zoomBy(0.8),
  };
  const zoomBy = (factor: number): void => {
    const { clientWidth = 0, clientHeight = 0 } = box.current ?? {};
    setView((held) => zoomed(held, { x: clientWidth / 2, y: clientHeight / 2 }, factor));
  };
  const moveCursor = (arrow: Point, isFar: boolean): void => {
    if (size === null || cursor === null) return;
    const by = Math.max(1, brush.radius / 2) * (isFar ? 4 : 1);
    const next = {
      x: Math.min(size.width, Math.max(0, cursor.x + arrow.x * by)),
      y: Math.min(size.height, Math.max(0, cursor.y + arrow.y * by)),
    };
    if (isPressed.current) mask.line(cursor, next, 1);
    setCursor(next);
    announce(t`${Math.round(next.x)} from the left, ${Math.round(next.y)} from the top.`);
  };

  return (
    <div
      ref={box}
      role="application"
      aria-label={t`Mask over the picture. The arrow keys move the brush, Space paints, brackets change its size, I inverts, plus and minus zoom.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys need the focus
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={(event) => event.pointerType !== "mouse" && setCursor(null)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      className="relative min-h-0 flex-1 cursor-none touch-none overflow-hidden bg-mat select-none -outline-offset-2"
    >
      {size !== null && (
        <div
          className="absolute top-0 left-0 origin-top-left"
          style={{
            width: size.width,
            height: size.height,
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
            imageRendering: view.scale > 3 ? "pixelated" : undefined,
          }}
        >
          {/* biome-ignore lint/performance/noImgElement: the original, at its natural size */}
          <img src={pictureUrl} alt="" draggable={false} className="absolute inset-0 size-full" />
          <canvas ref={veil} width={size.width} height={size.height} className="absolute inset-0 size-full" />
        </div>
      )}
      {cursor !== null && size !== null && (
        <span
          aria-hidden
          className="pointer-events-none absolute rounded-full border border-white outline-1 -outline-offset-2 outline-black"
          style={{
            left: view.x + (cursor.x - brush.radius) * view.scale,
            top: view.y + (cursor.y - brush.radius) * view.scale,
            width: brush.radius * 2 * view.scale,
            height: brush.radius * 2 * view.scale,
          }}
        />
      )}
    </div>
  );
}

/** Where in the box something happened. */
function placeIn(box: HTMLElement | null, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top } = box?.getBoundingClientRect() ?? { left: 0, top: 0 };
  return { x: clientX - left, y: clientY - top };
}
