import sharp from "sharp";

/** Largest first; the last of them is small enough for any limit that makes sense. */
const tries = [
  { side: 768, quality: 80 },
  { side: 512, quality: 70 },
  { side: 384, quality: 60 },
  { side: 256, quality: 50 },
] as const;

/** A JPEG of at most `maxBytes` of a picture in memory, made smaller and coarser until it fits. Throws if it cannot be read. */
export async function jpegPreview(image: Buffer, { maxBytes }: { maxBytes: number }): Promise<Buffer> {
  for (const { side, quality } of tries) {
    const jpeg = await sharp(image, { limitInputPixels: 40_000_000 })
      .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#808080" })
      .jpeg({ quality })
      .toBuffer();
    if (jpeg.length <= maxBytes) return jpeg;
  }
  throw new Error(`the preview does not fit ${maxBytes} bytes`);
}
