import { crc32 } from "node:zlib";
import { asSharp, encodePng, type Raster } from "../painting/raster.ts";

/** Frames one after the other, for ever. */
export async function encodeAnimatedWebp(
  frames: readonly Raster[],
  fps: number,
  { lossless, quality }: { readonly lossless: boolean; readonly quality: number },
): Promise<Buffer> {
  const first = frames[0];
  if (first === undefined) throw new Error("no frame");
  const tall = { ...first, height: first.height * frames.length, data: Buffer.concat(frames.map(({ data }) => data)) };
  const delay = frames.map(() => Math.round(1000 / fps));
  return asSharp(tall, first.height)
    .webp({ delay, loop: 0, lossless, quality: Math.max(1, quality) })
    .toBuffer();
}

/** An APNG: the first frame is a picture that any viewer shows. */
export async function encodeAnimatedPng(frames: readonly Raster[], fps: number): Promise<Buffer> {
  const pictures = await Promise.all(
    frames.map(async (frame) => ({ frame, chunks: chunksOf(await encodePng(frame)) })),
  );
  const header = pictures[0]?.chunks.find(({ type }) => type === "IHDR");
  if (header === undefined) throw new Error("no frame");
  let sequence = 0;
  const parts = [chunk("IHDR", header.data), chunk("acTL", u32(frames.length), u32(0))];
  for (const [index, { frame, chunks }] of pictures.entries()) {
    const delay = Buffer.alloc(6);
    delay.writeUInt16BE(Math.round(1000 / fps), 0);
    delay.writeUInt16BE(1000, 2);
    parts.push(chunk("fcTL", u32(sequence++), u32(frame.width), u32(frame.height), u32(0), u32(0), delay));
    for (const { data } of chunks.filter(({ type }) => type === "IDAT")) {
      parts.push(index === 0 ? chunk("IDAT", data) : chunk("fdAT", u32(sequence++), data));
    }
  }
  return Buffer.concat([signature, ...parts, chunk("IEND")]);
}

const signature = Buffer.from("89504e470d0a1a0a", "hex");

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), ...parts]);
  return Buffer.concat([u32(body.length - 4), body, u32(crc32(body))]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
