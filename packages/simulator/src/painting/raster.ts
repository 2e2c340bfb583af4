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

/** A preview as ComfyUI sends it: at most 512 pixels wide or high. */
export function encodePreview(raster: Raster, format: "jpeg" | "png"): Promise<Buffer> {
  const small = asSharp(raster).resize(512, 512, { fit: "inside", kernel: "cubic" });
  return format === "png" ? small.png({ compressionLevel: 4 }).toBuffer() : small.jpeg({ quality: 80 }).toBuffer();
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
