import sharp, { type Sharp } from "sharp";

// A drawing is a program, and its reader the largest part of the decoder: nothing here has a use for it.
sharp.block({ operation: ["VipsForeignLoadSvg"] });

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
  override readonly name = "ImageInvalid";

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** By the decoder's word for each. SVG and what else it knows are left out: nobody sends them to be painted over. */
const mimeTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  heif: "image/avif",
};

/** The image at `path`, of whose frames only the first is decoded. */
export const decode = (path: string): Sharp => sharp(path, { limitInputPixels: MAX_PIXELS, failOn: "error" });

/** Reads what the image at `path` is. Throws {@link ImageInvalid}. */
export async function inspectImage(path: string): Promise<ImageFacts> {
  const metadata = await decode(path)
    .metadata()
    .catch((error: unknown) => {
      if (/pixel limit/.test(String(error))) throw tooLarge();
      throw new ImageInvalid("The file is not an image that can be read.", error);
    });
  const mimeType = mimeTypes[metadata.format];
  if (mimeType === undefined) throw new ImageInvalid(`Images of type ${metadata.format} are not accepted.`);
  const { width, height } = metadata.autoOrient;
  if (width * height > MAX_PIXELS) throw tooLarge();
  return { mimeType, width, height, pages: metadata.pages ?? 1 };
}

const tooLarge = (): ImageInvalid => new ImageInvalid(`The image has more than ${MAX_PIXELS / 1_000_000} megapixels.`);

/**
 * Decodes the image at `path` whole and writes it to `target` as PNG, turned upright and without metadata: nothing of
 * the sender's bytes reaches a backend. Throws {@link ImageInvalid}.
 */
export async function reencodeImage(path: string, target: string): Promise<{ width: number; height: number }> {
  try {
    const { width, height } = await decode(path).autoOrient().png({ compressionLevel: 6 }).toFile(target);
    return { width, height };
  } catch (error) {
    throw new ImageInvalid("The image is damaged: it could not be read to its end.", error);
  }
}
