import { randomUUID } from "node:crypto";
import { access, rename } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import type { Storage } from "./storage.ts";

/** The most pixels that we decode: above it a small file could cost gigabytes of memory. */
export const MAX_PIXELS = 40_000_000;

/** What an image is, by decoding its header and not by its name. */
export interface ImageFacts {
  readonly mimeType: string;
  /** Pixels, as it is shown (after its orientation is applied). */
  readonly width: number;
  readonly height: number;
  /** Frames; 1 for a still picture. */
  readonly pages: number;
}

/** Thrown when bytes are not an image that we accept; `message` says why, for the person who sent them. */
export class ImageInvalid extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ImageInvalid";
  }
}

const mimeTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  heif: "image/avif",
};

const decode = (path: string): Sharp => sharp(path, { limitInputPixels: MAX_PIXELS, failOn: "error" });

/** Reads what the image at `path` is. Throws {@link ImageInvalid}. */
export async function inspectImage(path: string): Promise<ImageFacts> {
  const metadata = await decode(path)
    .metadata()
    .catch((error: unknown) => {
      throw new ImageInvalid("The file is not an image that can be read.", error);
    });
  const mimeType = mimeTypes[metadata.format];
  if (mimeType === undefined) throw new ImageInvalid(`Images of type ${metadata.format} are not accepted.`);
  const { width, height } = metadata.autoOrient;
  if (width * height > MAX_PIXELS)
    throw new ImageInvalid(`The image has more than ${MAX_PIXELS / 1_000_000} megapixels.`);
  return { mimeType, width, height, pages: metadata.pages ?? 1 };
}

/**
 * The image at `path` decoded whole and written anew as PNG, turned upright and without metadata:
 * nothing of the sender's bytes reaches a backend. Throws {@link ImageInvalid}.
 */
export async function reencodeImage(path: string): Promise<{ data: Buffer; width: number; height: number }> {
  try {
    const { data, info } = await decode(path)
      .autoOrient()
      .png({ compressionLevel: 6 })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw new ImageInvalid("The image is damaged: it could not be read to its end.", error);
  }
}

export const thumbnailFormats = ["webp", "jpeg", "avif", "png"] as const;
export type ThumbnailFormat = (typeof thumbnailFormats)[number];

/** The widths that are made, so that nobody can fill the disk with variants. */
export const thumbnailWidths = [96, 192, 384, 768, 1536] as const;

/**
 * The path of a smaller copy of a stored image, made at the first call and kept beside the original.
 * `width` is rounded up to one of {@link thumbnailWidths}; an image is never enlarged.
 */
export async function thumbnail(
  storage: Storage,
  storageKey: string,
  { width, format }: { width: number; format: ThumbnailFormat },
): Promise<string> {
  const size = thumbnailWidths.find((candidate) => candidate >= width) ?? 1536;
  const variantKey = `${storageKey}.w${size}-${format}`;
  const target = storage.path(variantKey);
  const isMade = await access(target).then(
    () => true,
    () => false,
  );
  if (isMade) return target;
  const temporary = `${target}.${randomUUID()}`;
  await decode(storage.path(storageKey))
    .autoOrient()
    .resize({ width: size, withoutEnlargement: true })
    .toFormat(format, { quality: 80 })
    .toFile(temporary);
  await rename(temporary, target);
  return target;
}
