/**
 * The chunks of a PNG that its look depends on: the critical ones, which begin with a capital, and of the others
 * transparency, colors and the orientation.
 */
const kept = /^(?:[A-Z]...|tRNS|gAMA|cHRM|sRGB|iCCP|eXIf)$/;

/**
 * The PNG without its texts and whatever else does not change how it looks; of the rest beside the pixels the first of
 * each kind. A decoder unpacks compressed texts before it tells how large a picture is: 20 MB of them took 10 GB and 98 s.
 */
export function withoutAncillaryChunks(png: Buffer): Buffer {
  const lean = Buffer.alloc(png.length);
  let length = png.copy(lean, 0, 0, 8);
  const seen = new Set<string>();
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const isRepeated = /^[a-z]/.test(type) && seen.has(type);
    if (kept.test(type) && !isRepeated) length += png.copy(lean, length, at, end);
    seen.add(type);
    at = end;
  }
  return lean.subarray(0, length);
}
