import { createHash } from "node:crypto";

/** The hash of a PNG's pixels as they are stored: without the texts beside them, which name the job. */
export function pixelHash(png: Buffer): string {
  const hash = createHash("sha256");
  let isThere = false;
  for (let at = 8; at + 8 <= png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) !== "IDAT") continue;
    hash.update(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    isThere = true;
  }
  if (!isThere) throw new Error("this is no PNG with pixels");
  return hash.digest("hex");
}
