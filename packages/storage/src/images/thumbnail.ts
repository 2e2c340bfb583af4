import { writeFile } from "node:fs/promises";
import { variantKeyOf } from "../storage.ts";
import { decode, encode } from "./image.ts";

export const thumbnailFormats = ["webp", "jpeg", "avif", "png"] as const;
export type ThumbnailFormat = (typeof thumbnailFormats)[number];

/** The widths that are made, so that nobody can fill the disk with variants. */
const thumbnailWidths = [96, 192, 384, 768, 1536, 3072] as const;

export interface ThumbnailRequest {
  /** Rounded up to one of {@link thumbnailWidths}; an image is never enlarged. */
  readonly width: number;
  readonly format: ThumbnailFormat;
}

/** The key under which that copy of a stored image is kept. */
export function thumbnailKeyOf(storageKey: string, { width, format }: ThumbnailRequest): string {
  return variantKeyOf(storageKey, `w${widthOf(width)}-${format}`);
}

const widthOf = (width: number): number => thumbnailWidths.find((candidate) => candidate >= width) ?? 3072;

/** Writes {@link thumbnailOf} the image at `path` to `target`. Throws what the disk says, too. */
export async function makeThumbnail(path: string, target: string, request: ThumbnailRequest): Promise<void> {
  await writeFile(target, await thumbnailOf(path, request));
}

/**
 * A smaller copy of the image at `path`: of a moving one its first frame, without metadata. Throws ImageInvalid if it is
 * damaged.
 */
export async function thumbnailOf(path: string, { width, format }: ThumbnailRequest): Promise<Buffer> {
  const image = decode(path)
    .autoOrient()
    .resize({ width: widthOf(width), withoutEnlargement: true })
    // To sharp, the quality of a PNG is a number of colors.
    .toFormat(format, format === "png" ? {} : { quality: 80 });
  return (await encode(image)).data;
}
