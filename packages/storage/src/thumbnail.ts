import { decode } from "./image.ts";
import { type OpenedFile, type ReceivedFile, type Storage, variantKeyOf } from "./storage.ts";

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

/** A smaller copy of the image at `path`, of a moving one its first frame, without metadata. Throws if it is damaged. */
export function makeThumbnail(
  storage: Pick<Storage, "make">,
  path: string,
  { width, format }: ThumbnailRequest,
): Promise<ReceivedFile> {
  return storage.make((target) =>
    decode(path)
      .autoOrient()
      .resize({ width: widthOf(width), withoutEnlargement: true })
      // To sharp, the quality of a PNG is a number of colors.
      .toFormat(format, format === "png" ? {} : { quality: 80 })
      .toFile(target),
  );
}

/** A smaller copy of a stored image, made at the first call and kept beside the original; null if that is gone. */
export async function openThumbnail(
  storage: Storage,
  storageKey: string,
  request: ThumbnailRequest,
): Promise<OpenedFile | null> {
  const key = thumbnailKeyOf(storageKey, request);
  const made = await storage.open(key);
  if (made !== null) return made;
  const kept = await storage.withFile(storageKey, async (path) => {
    const copy = await makeThumbnail(storage, path, request);
    try {
      return await copy.keep(key);
    } finally {
      await copy.discard();
    }
  });
  return kept === null ? null : storage.open(key);
}
