/** The signature, and the header chunk that is always the first: 4 bytes each of length, type and checksum around 13. */
const HEAD_BYTES = 8 + 12 + 13;

/**
 * A PNG with texts in `tEXt` chunks right behind its header, where ComfyUI puts `prompt` and `workflow`. The texts are JSON:
 * what is not ASCII in them is escaped, since such a chunk holds Latin-1.
 */
export function pngWithTexts(png: Uint8Array<ArrayBuffer>, texts: Readonly<Record<string, string>>): Blob {
  const chunks = Object.entries(texts).map(([keyword, json]) => textChunk(`${keyword}\0${escaped(json)}`));
  return new Blob([png.subarray(0, HEAD_BYTES), ...chunks, png.subarray(HEAD_BYTES)], { type: "image/png" });
}

function escaped(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function textChunk(text: string): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(`tEXt${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, checksum(body));
  return chunk;
}

/** The CRC-32 of PNG. Bit by bit: a table pays off only for far more than the kilobytes of a workflow. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
