import { createHash } from "node:crypto";

/** The hash of a PNG's pixels as they are stored: without the texts beside them, which name the job. */
export function pixelHash(png: Buffer): string {
  const hash = createHash("sha256");
  const pixels = chunksOf(png, "IDAT");
  if (pixels.length === 0) throw new Error("this is no PNG with pixels");
  for (const data of pixels) hash.update(data);
  return hash.digest("hex");
}

/** The JSON texts of a PNG by their keywords: what ComfyUI embeds. */
export function textsOf(png: Buffer): Record<string, unknown> {
  return Object.fromEntries(
    chunksOf(png, "tEXt").map((data) => {
      const end = data.indexOf(0);
      return [data.toString("latin1", 0, end), JSON.parse(data.toString("latin1", end + 1)) as unknown];
    }),
  );
}

function chunksOf(png: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at + 8 <= png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === type)
      found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return found;
}
