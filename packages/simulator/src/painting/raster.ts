import sharp, { type Sharp } from "sharp";

/** Pixels, row by row: 3 bytes each in a picture, 1 in a mask (255 = masked). */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Buffer;
}

export type Kernel = "nearest" | "cubic" | "mitchell" | "lanczos3" | "linear";

export function flat(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Raster {
  const data = Buffer.alloc(width * height * 3);
  data.fill(Buffer.from([red, green, blue]));
  return { width, height, channels: 3, data };
}

/** With `pageHeight` the raster is an animation whose frames lie below each other. */
export function asSharp(raster: Raster, pageHeight?: number): Sharp {
  const { width, height, channels } = raster;
  return sharp(raster.data, { raw: { width, height, channels, ...(pageHeight === undefined ? {} : { pageHeight }) } });
}

async function fromSharp(image: Sharp, channels: 1 | 3): Promise<Raster> {
  const shaped = channels === 1 ? image.toColourspace("b-w") : image.toColourspace("srgb").removeAlpha();
  const { data, info } = await shaped.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels, data };
}

/** `cover` keeps the proportions and crops the centre; otherwise both sides are stretched. */
export async function resize(
  raster: Raster,
  width: number,
  height: number,
  { kernel = "cubic", cover = false }: { kernel?: Kernel; cover?: boolean } = {},
): Promise<Raster> {
  if (raster.width === width && raster.height === height) return raster;
  return fromSharp(asSharp(raster).resize(width, height, { kernel, fit: cover ? "cover" : "fill" }), raster.channels);
}

export function encodePng(raster: Raster): Promise<Buffer> {
  // ComfyUI saves at level 4; grain compresses badly, so a higher one buys little and costs a core.
  return asSharp(raster).png({ compressionLevel: 3, adaptiveFiltering: false }).toBuffer();
}

/** Previews are enlarged or reduced to this side, as ComfyUI does it. */
const previewSide = 512;

/** A preview as ComfyUI sends it: 512 pixels wide or high, whatever the picture's size. */
export function encodePreview(raster: Raster, format: "jpeg" | "png"): Promise<Buffer> {
  const scale = previewSide / Math.max(raster.width, raster.height);
  const width = Math.max(1, Math.round(raster.width * scale));
  const height = Math.max(1, Math.round(raster.height * scale));
  const fitted = scale > 1 ? asSharp(enlarged(raster, width, height)) : asSharp(raster).resize(width, height);
  if (format === "png") return fitted.png({ compressionLevel: 4 }).toBuffer();
  // As ComfyUI's library writes it: to look for the best code takes as long again.
  return fitted.jpeg({ quality: 80, optimiseCoding: false }).toBuffer();
}

/**
 * Enlarged with straight lines between the pixels, as ComfyUI enlarges its previews. libvips takes eight times as long,
 * which made previews most of what the simulator cost.
 */
function enlarged({ width: fromWidth, height: fromHeight, channels, data }: Raster, width: number, height: number) {
  const columns = interpolation(fromWidth, width);
  const rows = interpolation(fromHeight, height);
  const stride = width * channels;
  // Rows begin at whole words, so that the second pass can take four bytes at a time.
  const words = Math.ceil(stride / 4);
  const wide = new Uint8Array(fromHeight * words * 4);
  for (let row = 0; row < fromHeight; row += 1) {
    const start = row * fromWidth;
    for (let column = 0, at = row * words * 4; column < width; column += 1) {
      const left = (start + (columns.from[column] ?? 0)) * channels;
      const right = (start + (columns.to[column] ?? 0)) * channels;
      const share = columns.share[column] ?? 0;
      for (let channel = 0; channel < channels; channel += 1, at += 1) {
        const low = data[left + channel] ?? 0;
        wide[at] = low + ((((data[right + channel] ?? 0) - low) * share) >> 8);
      }
    }
  }
  const result = Buffer.allocUnsafe(height * stride);
  const wideWords = new Uint32Array(wide.buffer);
  const line = new Uint32Array(words);
  const lineBytes = new Uint8Array(line.buffer, 0, stride);
  for (let row = 0; row < height; row += 1) {
    const above = (rows.from[row] ?? 0) * words;
    const below = (rows.to[row] ?? 0) * words;
    mixRows(
      line,
      wideWords.subarray(above, above + words),
      wideWords.subarray(below, below + words),
      rows.share[row] ?? 0,
    );
    result.set(lineBytes, row * stride);
  }
  return { width, height, channels, data: result } satisfies Raster;
}

/** Each byte of `below` by `share` 256ths and of `above` by the rest; two bytes of a word at a time, each with a free one above it. */
function mixRows(into: Uint32Array, above: Uint32Array, below: Uint32Array, share: number): void {
  const rest = 256 - share;
  for (let at = 0; at < into.length; at += 1) {
    const first = above[at] ?? 0;
    const second = below[at] ?? 0;
    const even = Math.imul(first & 0xff00ff, rest) + Math.imul(second & 0xff00ff, share);
    const odd = Math.imul((first >>> 8) & 0xff00ff, rest) + Math.imul((second >>> 8) & 0xff00ff, share);
    into[at] = ((even >>> 8) & 0xff00ff) | (odd & 0xff00ff00);
  }
}

/** For each of `to` places the two of `from` between which it lies, and how near to the second, in 256ths. */
function interpolation(from: number, to: number) {
  const places = { from: new Uint16Array(to), to: new Uint16Array(to), share: new Uint16Array(to) };
  for (let index = 0; index < to; index += 1) {
    const place = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
    const low = Math.floor(place);
    places.from[index] = low;
    places.to[index] = Math.min(from - 1, low + 1);
    places.share[index] = Math.round((place - low) * 256);
  }
  return places;
}

export interface LoadedImage {
  readonly picture: Raster;
  /** 255 where the picture is transparent. Black 64 × 64 if it has no alpha, as LoadImage gives. */
  readonly mask: Raster;
}

/** A picture file. Throws if the bytes are none. */
export async function loadImage(path: string): Promise<LoadedImage> {
  const source = sharp(path, { failOn: "error" }).rotate();
  const { hasAlpha } = await source.metadata();
  const picture = await fromSharp(source.clone(), 3);
  if (!hasAlpha) return { picture, mask: { width: 64, height: 64, channels: 1, data: Buffer.alloc(4096) } };
  return { picture, mask: inverted(await fromSharp(source.clone().ensureAlpha().extractChannel(3), 1)) };
}

/** One channel of a picture file as a mask; `alpha` counts transparency as masked. */
export async function loadMask(path: string, channel: "alpha" | "red" | "green" | "blue"): Promise<Raster> {
  if (channel === "alpha") return (await loadImage(path)).mask;
  const index = channel === "red" ? 0 : channel === "green" ? 1 : 2;
  return fromSharp(sharp(path, { failOn: "error" }).rotate().toColourspace("srgb").extractChannel(index), 1);
}

export function inverted(raster: Raster): Raster {
  const data = Buffer.allocUnsafe(raster.data.length);
  for (let index = 0; index < data.length; index += 1) data[index] = 255 - (raster.data[index] ?? 0);
  return { ...raster, data };
}

export function blurred(raster: Raster, sigma: number): Promise<Raster> {
  return fromSharp(asSharp(raster).blur(Math.max(0.3, sigma)), raster.channels);
}

export function grey(mask: Raster): Raster {
  const data = Buffer.allocUnsafe(mask.width * mask.height * 3);
  for (let index = 0; index < mask.data.length; index += 1) {
    data.fill(mask.data[index] ?? 0, index * 3, index * 3 + 3);
  }
  return { width: mask.width, height: mask.height, channels: 3, data };
}

/** `over` shows through by `amount` (0…1), and by the mask where one of the same size is given. */
export function blend(under: Raster, over: Raster, amount: number, mask?: Raster): Raster {
  const data = Buffer.allocUnsafe(under.data.length);
  for (let pixel = 0, at = 0; at < data.length; pixel += 1) {
    const share = mask === undefined ? amount : (amount * (mask.data[pixel] ?? 0)) / 255;
    for (let channel = 0; channel < 3; channel += 1, at += 1) {
      const low = under.data[at] ?? 0;
      data[at] = low + ((over.data[at] ?? 0) - low) * share;
    }
  }
  return { ...under, data };
}

/** `source` laid over `destination` at (x, y), cut to it. */
export function laidOver(destination: Raster, source: Raster, x: number, y: number, mask?: Raster): Raster {
  const data = Buffer.from(destination.data);
  for (let row = Math.max(0, -y); row < source.height && row + y < destination.height; row += 1) {
    for (let column = Math.max(0, -x); column < source.width && column + x < destination.width; column += 1) {
      const from = row * source.width + column;
      const to = (row + y) * destination.width + column + x;
      const share = mask === undefined ? 1 : (mask.data[from] ?? 0) / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        const low = data[to * 3 + channel] ?? 0;
        data[to * 3 + channel] = low + ((source.data[from * 3 + channel] ?? 0) - low) * share;
      }
    }
  }
  return { ...destination, data };
}
