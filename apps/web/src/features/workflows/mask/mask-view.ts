import type { Point } from "./mask-bitmap.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the picture stands in its box: the place of its corner, and how many pixels of the screen one of its own has. */
export interface View extends Point {
  readonly scale: number;
}

const MOST_SCALE = 32;

/** The whole picture in the middle of the box, with a margin; a small one not larger than eight times. */
export function fitted(picture: Size, box: Size, margin = 16): View {
  const room = (side: "width" | "height"): number => Math.max(1, box[side] - 2 * margin) / picture[side];
  const scale = Math.min(8, room("width"), room("height"));
  return { scale, x: (box.width - picture.width * scale) / 2, y: (box.height - picture.height * scale) / 2 };
}

/** Larger or smaller by a factor, with the picture's place under `at` (in the box) staying there. */
export function zoomed(view: View, at: Point, factor: number): View {
  const scale = Math.min(MOST_SCALE, Math.max(0.02, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

export const panned = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x + dx, y: view.y + dy });

/** A place of the box as a place of the picture, in its natural pixels. */
export const toPicture = ({ scale, x, y }: View, at: Point): Point => ({
  x: (at.x - x) / scale,
  y: (at.y - y) / scale,
});

/** What two fingers do: the middle between them moves the picture, their distance sizes it. */
export function pinched(view: View, before: readonly [Point, Point], now: readonly [Point, Point]): View {
  const middle = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = ([a, b]: readonly [Point, Point]): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const [from, to] = [middle(before), middle(now)];
  return zoomed(panned(view, to.x - from.x, to.y - from.y), to, apart(now) / apart(before));
}

/** Sizes of a brush, in natural pixels: small ones differ by one, large ones by a sixth. */
export const resized = (radius: number, isLarger: boolean): number =>
  Math.min(1024, Math.max(1, isLarger ? Math.max(radius + 1, radius * 1.2) : Math.min(radius - 1, radius / 1.2)));
