import { crc32 } from "node:zlib";

/** Inserts tEXt chunks right after IHDR, where Pillow puts them. `text` must be Latin-1; our JSON is ASCII. */
export function withTextChunks(png: Buffer, texts: Readonly<Record<string, string>>): Buffer {
  // Signature (8) and IHDR (4 length + 4 type + 13 data + 4 checksum).
  const headEnd = 33;
  const chunks = Object.entries(texts).map(([keyword, text]) => {
    const body = Buffer.concat([Buffer.from("tEXt"), Buffer.from(`${keyword}\0${text}`, "latin1")]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(body.length - 4, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  });
  return Buffer.concat([png.subarray(0, headEnd), ...chunks, png.subarray(headEnd)]);
}
