import { decode } from "@cwasm/nsbmp";
import sharp, { type Sharp } from "sharp";

/**
 * A BMP's picture, which libvips cannot read. The decoder is NetSurf's as WebAssembly: whatever a file does to it stays in
 * that memory. Call it with the size checked: it allocates four bytes for each pixel of the header. Throws for what is damaged.
 */
export function bmpPicture(bytes: Uint8Array): Sharp {
  const { data, width, height } = decode(bytes);
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  return isOpaque(data) ? picture.removeAlpha() : picture;
}

function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}
