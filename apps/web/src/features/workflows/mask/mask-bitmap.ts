type Pixels = Uint8ClampedArray<ArrayBuffer>;

/** A mask at the natural size of its picture: one byte per pixel, 255 is painted anew and 0 stays. */
export interface MaskBitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Pixels;
}

/** A part of the bitmap, in whole pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function emptyMask(width: number, height: number): MaskBitmap {
  return { width, height, data: new Uint8ClampedArray(width * height) };
}

export const wholeOf = ({ width, height }: MaskBitmap): Rect => ({ x: 0, y: 0, width, height });

/** The smallest part that has both. */
export function union(a: Rect | null, b: Rect | null): Rect | null {
  if (a === null || b === null) return a ?? b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    ...{ x, y },
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** What of the bitmap lies around these corners; null if nothing does. */
function clipped({ width, height }: MaskBitmap, from: Point, to: Point, margin: number): Rect | null {
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - margin));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - margin));
  const right = Math.min(width, Math.ceil(Math.max(from.x, to.x) + margin));
  const bottom = Math.min(height, Math.ceil(Math.max(from.y, to.y) + margin));
  return right <= left || bottom <= top ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** How far a point is from the line between two others. */
function distance(x: number, y: number, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}

/**
 * Paints, or erases, along a line with a round brush of `radius` pixels, whose edge is one pixel soft. Changes the bitmap, and
 * answers with what may have changed. Written out instead of drawn on a canvas, so that the same stroke gives the same bytes
 * in every browser.
 */
export function paintLine(
  mask: MaskBitmap,
  { from, to, radius, isEraser }: { from: Point; to: Point; radius: number; isEraser: boolean },
): Rect | null {
  const rect = clipped(mask, from, to, radius + 1);
  if (rect === null) return null;
  const { data, width } = mask;
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      // A pixel's middle counts.
      const covered = Math.min(1, Math.max(0, radius + 0.5 - distance(x + 0.5, y + 0.5, from, to))) * 255;
      if (covered === 0) continue;
      const place = y * width + x;
      const held = data[place] ?? 0;
      data[place] = isEraser ? Math.min(held, 255 - covered) : Math.max(held, covered);
    }
  }
  return rect;
}

export function invert({ data }: MaskBitmap): void {
  for (let place = 0; place < data.length; place += 1) data[place] = 255 - (data[place] ?? 0);
}

/** How much of the picture is painted anew, in percent. */
export function coverage({ data }: MaskBitmap): number {
  let sum = 0;
  for (const value of data) sum += value;
  return data.length === 0 ? 0 : (sum / (data.length * 255)) * 100;
}

/** The mask with its edges softened over about `radius` pixels to either side; a copy. 0 leaves it as it is. */
export function feathered({ width, height, data }: MaskBitmap, radius: number): MaskBitmap {
  const size = Math.round(radius / 2);
  if (size === 0) return { width, height, data: data.slice() };
  const across = softened(data, width, size);
  return { width, height, data: transposed(softened(transposed(across, width), height, size), height) };
}

/** Three box blurs in a row are nearly the bell curve of a Gaussian, at a cost that does not grow with its radius. */
function softened(source: Pixels, width: number, size: number): Pixels {
  return blurredRows(blurredRows(blurredRows(source, width, size), width, size), width, size);
}

/** A mean over `2 × size + 1` pixels along each row; beyond its ends a row goes on as it ends. */
function blurredRows(source: Pixels, width: number, size: number): Pixels {
  const target = new Uint8ClampedArray(source.length);
  const window = 2 * size + 1;
  for (let start = 0; start < source.length; start += width) {
    const end = start + width - 1;
    let sum = 0;
    for (let place = start - size; place <= start + size; place += 1)
      sum += source[place < start ? start : Math.min(place, end)] ?? 0;
    for (let place = start; place <= end; place += 1) {
      target[place] = sum / window;
      const next = place + size + 1;
      const last = place - size;
      sum += (source[Math.min(next, end)] ?? 0) - (source[Math.max(last, start)] ?? 0);
    }
  }
  return target;
}

/** Columns as rows: a large picture is read much faster along its rows. */
function transposed(source: Pixels, width: number): Pixels {
  const target = new Uint8ClampedArray(source.length);
  const height = source.length / width;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) target[x * height + y] = source[y * width + x] ?? 0;
  return target;
}

/** The mask as an opaque grey picture, for a file: without transparency no browser rounds a value. */
export function greyPixels({ data }: MaskBitmap): Pixels {
  const pixels = new Uint32Array(data.length);
  for (let place = 0; place < data.length; place += 1) pixels[place] = 0xff000000 | ((data[place] ?? 0) * 0x010101);
  return new Uint8ClampedArray(pixels.buffer);
}

/** A part of the mask as a veil over the picture: in two colours, because one alone is not seen over a picture of that colour. */
export function veilPixels({ width, height, data }: MaskBitmap, rect: Rect): Pixels {
  const stripe = Math.max(2, Math.round(Math.max(width, height) / 128));
  const pixels = new Uint32Array(rect.width * rect.height);
  for (let y = 0; y < rect.height; y += 1) {
    const row = (rect.y + y) * width + rect.x;
    for (let x = 0; x < rect.width; x += 1) {
      const isBright = Math.floor((rect.x + x + rect.y + y) / stripe) % 2 === 0;
      pixels[y * rect.width + x] = (Math.round((data[row + x] ?? 0) * 0.62) << 24) | (isBright ? BRIGHT : DARK);
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

// A pixel as one number: browsers run on machines whose first byte, red, is the lowest.
const BRIGHT = 0x3d6aff;
const DARK = 0x140a0a;
