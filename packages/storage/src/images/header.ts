import { type FileHandle, open } from "node:fs/promises";

/** What the first bytes of a picture say, read without a decoder: nothing is allocated by what a stranger wrote. */
export interface ImageHeader {
  readonly format: "png" | "jpeg" | "gif" | "webp" | "avif" | "heic" | "bmp" | "tiff";
  /** Pixels as they are stored, before any turning; null where this reader does not look for them. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Whether its compression gave details away. False for formats that this reader does not look into. */
  readonly isLossy: boolean;
}

/** A picture has a few dozen of these before its pixels; more are there to keep us busy. */
const MAX_SEGMENTS = 1000;

/** The header of the file at `path`; null if it is no picture of these formats, or one whose header is damaged. */
export async function readHeader(path: string): Promise<ImageHeader | null> {
  const file = await open(path, "r");
  try {
    return await headerOf(file);
  } finally {
    await file.close();
  }
}

async function headerOf(file: FileHandle): Promise<ImageHeader | null> {
  const head = await bytesAt(file, 0, 32);
  const text = head.toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n") && text.slice(12, 16) === "IHDR" && head.length >= 24)
    return { format: "png", size: { width: head.readUInt32BE(16), height: head.readUInt32BE(20) }, isLossy: false };
  if (/^GIF8[79]a/.test(text) && head.length >= 10)
    return { format: "gif", size: { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }, isLossy: false };
  if (text.startsWith("\xff\xd8\xff")) return jpegHeader(file);
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return webpHeader(file);
  if (text.slice(4, 8) === "ftyp") return heifHeader(file, head);
  if (text.startsWith("BM") && head.length >= 26) return { format: "bmp", size: bmpSize(head), isLossy: false };
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return { format: "tiff", size: null, isLossy: false };
  return null;
}

/** The oldest header, of 12 bytes, has its sides in two bytes each. A negative height says that the first row is the top one. */
function bmpSize(head: Buffer): ImageHeader["size"] {
  if (head.readUInt32LE(14) === 12) return { width: head.readUInt16LE(18), height: head.readUInt16LE(20) };
  return { width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)) };
}

/** Fewer bytes than `length` at the file's end. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
  return buffer.subarray(0, bytesRead);
}

/** Walks the segments up to the one that begins a frame (SOF). */
async function jpegHeader(file: FileHandle): Promise<ImageHeader | null> {
  let at = 2;
  for (let segments = 0; segments < MAX_SEGMENTS; segments += 1) {
    const segment = await bytesAt(file, at, 9);
    if (segment.length < 9 || segment[0] !== 0xff) return null;
    const marker = segment[1] ?? 0;
    // C4, C8 and CC lie between the frames' markers and are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const size = { width: segment.readUInt16BE(7), height: segment.readUInt16BE(5) };
      return { format: "jpeg", size, isLossy: true };
    }
    // FF may be repeated before a marker.
    at += marker === 0xff ? 1 : 2 + segment.readUInt16BE(2);
  }
  return null;
}

/** Walks the chunks up to the first that has pixels; of a moving picture, those inside its first frame. */
async function webpHeader(file: FileHandle): Promise<ImageHeader | null> {
  let at = 12;
  let size: ImageHeader["size"] = null;
  for (let chunks = 0; chunks < MAX_SEGMENTS; chunks += 1) {
    const chunk = await bytesAt(file, at, 18);
    if (chunk.length < 18) return null;
    switch (chunk.toString("latin1", 0, 4)) {
      case "VP8 ":
        size ??= { width: chunk.readUInt16LE(14) & 0x3fff, height: chunk.readUInt16LE(16) & 0x3fff };
        return { format: "webp", size, isLossy: true };
      case "VP8L": {
        const bits = chunk.readUInt32LE(9);
        size ??= { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
        return { format: "webp", size, isLossy: false };
      }
      case "VP8X":
        size = { width: chunk.readUIntLE(12, 3) + 1, height: chunk.readUIntLE(15, 3) + 1 };
        break;
      case "ANMF":
        // A header, its frame's place and length, then the chunks of that frame.
        at += 8 + 16;
        continue;
    }
    const length = chunk.readUInt32LE(4);
    at += 8 + length + (length % 2);
  }
  return null;
}

const heifBrands: Readonly<Record<string, "avif" | "heic">> = {
  avif: "avif",
  avis: "avif",
  heic: "heic",
  heix: "heic",
  hevc: "heic",
  hevx: "heic",
  heim: "heic",
  heis: "heic",
};

/** The brand of the first box says which codec it is; the brands it is compatible with, where the first is a general one. */
async function heifHeader(file: FileHandle, head: Buffer): Promise<ImageHeader | null> {
  const box = (await bytesAt(file, 8, Math.min(256, Math.max(0, head.readUInt32BE(0) - 8)))).toString("latin1");
  for (let at = 0; at + 4 <= box.length; at += 4) {
    const format = heifBrands[box.slice(at, at + 4)];
    if (format !== undefined) return { format, size: null, isLossy: true };
  }
  return null;
}
