import { readFile, writeFile } from "node:fs/promises";
import sharp, { type Metadata, type Sharp } from "sharp";
import { type ImageHeader, readHeader } from "./header.ts";
import { withoutAncillaryChunks } from "./png-chunks.ts";

// libvips reads far more than we accept, drawings (which are programs) among it: whatever is not named here stays off.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadPng",
    "VipsForeignLoadJpeg",
    "VipsForeignLoadWebp",
    "VipsForeignLoadNsgif",
    "VipsForeignLoadHeif",
  ],
});
// Each file is read once, so a cache would only hold memory.
sharp.cache(false);

/** The longest side that is decoded. */
export const MAX_SIDE = 16_384;

/** The most pixels that are decoded: above it a small file could cost gigabytes of memory. */
export const MAX_PIXELS = 40_000_000;

/** The most frames of an upload. Only the first is decoded, but its reader looks at where each of them begins. */
export const MAX_FRAMES = 10_000;

/** The most memory that an upload's pixels may take: {@link MAX_PIXELS} of four bytes. */
export const MAX_DECODED_BYTES = 4 * MAX_PIXELS;

/** The most bytes that are stored of an upload: twice what may be sent. */
export const MAX_STORED_BYTES = 40 * 1024 ** 2;

/** What an image is, by decoding its header and not by its name. */
export interface ImageFacts {
  readonly mimeType: string;
  /** Pixels, as it is shown (after its orientation is applied). */
  readonly width: number;
  readonly height: number;
  /** Frames; 1 for a still picture. */
  readonly pages: number;
}

/** An upload as it is stored. */
export interface StoredImage {
  readonly mimeType: "image/png" | "image/jpeg";
  readonly width: number;
  readonly height: number;
}

/** Thrown when bytes are not an image that we accept; `message` says why, for the person who sent them. */
export class ImageInvalid extends Error {
  override readonly name = "ImageInvalid";

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** By the decoder's word for each. */
const mimeTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heif: "image/avif",
};

/** The image at `path`, of whose frames only the first is decoded, by one thread and row by row where its format allows. */
export const decode = (source: string | Buffer): Sharp =>
  sharp(source, { limitInputPixels: MAX_PIXELS, failOn: "error", sequentialRead: true });

/** Why pictures of that size are not decoded, as a sentence; null if they are. */
export function sizeProblem({ width, height }: { width: number; height: number }): string | null {
  if (Math.max(width, height) > MAX_SIDE) return `The image has a side of more than ${MAX_SIDE} pixels.`;
  if (width * height > MAX_PIXELS) return `The image has more than ${MAX_PIXELS / 1_000_000} megapixels.`;
  return null;
}

/** Reads what the image at `path` is; its size may be one that is not decoded. Throws {@link ImageInvalid}. */
export async function inspectImage(path: string): Promise<ImageFacts> {
  const metadata = await metadataOf(sharp(path, { limitInputPixels: false, failOn: "error" }));
  const mimeType = mimeTypes[metadata.format];
  if (mimeType === undefined) throw new ImageInvalid(`Images of type ${metadata.format} are not accepted.`);
  const { width, height } = metadata.autoOrient;
  return { mimeType, width, height, pages: metadata.pages ?? 1 };
}

const metadataOf = (image: Sharp): Promise<Metadata> =>
  image.metadata().catch((error: unknown) => {
    throw new ImageInvalid("The file is not an image that can be read.", error);
  });

const accepted = "Send a PNG, JPEG, WebP, GIF, AVIF or BMP file instead.";

const unreadable: Readonly<Partial<Record<ImageHeader["format"], string>>> = {
  heic: `HEIC pictures cannot be read here. ${accepted} An iPhone takes JPEG pictures with Settings, Camera, Formats, Most Compatible.`,
  tiff: `TIFF pictures cannot be read here. ${accepted}`,
};

/**
 * Reads the header of a picture that somebody sent, which costs nothing however large it says it is. Throws
 * {@link ImageInvalid} for what will not be decoded.
 */
export async function checkHeader(path: string): Promise<ImageHeader> {
  const header = await readHeader(path);
  if (header === null) throw new ImageInvalid(`The file is not an image that can be read. ${accepted}`);
  const problem = unreadable[header.format] ?? (header.size && sizeProblem(header.size));
  if (problem) throw new ImageInvalid(problem);
  return header;
}

/**
 * Decodes the image at `path` whole and writes it anew to `target`, turned upright and without metadata: nothing of the
 * sender's bytes reaches a backend. What was compressed with loss and has no transparency becomes a JPEG, whose PNG would
 * be ten times the size; everything else stays exact as a PNG. Throws {@link ImageInvalid}, and what the disk says.
 */
export async function reencodeImage(path: string, target: string): Promise<StoredImage> {
  const header = await checkHeader(path);
  if (header.format === "bmp") return store(target, (await decodeBmp(path)).png(), "image/png");
  const source = header.format === "png" ? withoutAncillaryChunks(await readFile(path)) : path;
  const metadata = await metadataOf(decode(source));
  const problem = decodedProblem(metadata);
  if (problem !== null) throw new ImageInvalid(problem);
  const upright = decode(source).autoOrient();
  const isJpeg = header.isLossy && !metadata.hasAlpha;
  return isJpeg ? store(target, asJpeg(upright, metadata), "image/jpeg") : store(target, upright.png(), "image/png");
}

async function decodeBmp(path: string): Promise<Sharp> {
  // Only decoders need it, and few of them: its program is compiled when it is imported.
  const { bmpPicture } = await import("./bmp.ts");
  try {
    return bmpPicture(await readFile(path));
  } catch (error) {
    throw damaged(error);
  }
}

async function store(target: string, image: Sharp, mimeType: StoredImage["mimeType"]): Promise<StoredImage> {
  const { data, info } = await encode(image);
  if (data.length > MAX_STORED_BYTES)
    throw new ImageInvalid("The image takes more than 40 MB when it is stored without loss. Send it as a JPEG file.");
  await writeFile(target, data);
  return { mimeType, width: info.width, height: info.height };
}

/** Optimised Huffman tables would make the file a fifth smaller, and take four times the memory and the time. */
const asJpeg = (image: Sharp, { chromaSubsampling }: Metadata): Sharp =>
  image.jpeg({
    quality: 92,
    optimiseCoding: false,
    chromaSubsampling: chromaSubsampling === "4:4:4" ? "4:4:4" : "4:2:0",
  });

function decodedProblem({ width, height, pages = 1, channels, depth }: Metadata): string | null {
  if (pages > MAX_FRAMES) return `The image has more than ${MAX_FRAMES} frames.`;
  const bytesPerSample = depth === "uchar" ? 1 : depth === "ushort" ? 2 : 4;
  if (width * height * channels * bytesPerSample > MAX_DECODED_BYTES)
    return `The image takes more than ${MAX_DECODED_BYTES / 1_000_000} MB of memory. Save it with 8 bits per channel.`;
  return sizeProblem({ width, height });
}

/**
 * The picture in its new format. In memory, and not into a file, because libvips reports a full disk in words of its own
 * which cannot be told from those for a damaged image. Throws {@link ImageInvalid}.
 */
export function encode(image: Sharp): Promise<{ data: Buffer; info: { width: number; height: number } }> {
  return image.toBuffer({ resolveWithObject: true }).catch((error: unknown) => {
    throw damaged(error);
  });
}

const damaged = (cause: unknown): ImageInvalid =>
  new ImageInvalid("The image is damaged: it could not be read to its end.", cause);
