import { asSharp, type Raster } from "../painting/raster.ts";

// A block's time is a signed 16-bit number of milliseconds from its cluster.
const clusterMs = 30_000;
const webpQuality = 80;

/**
 * Frames as WebM (or Matroska, which is the same with another name). A lossy WebP holds one key frame of VP8, so the
 * pictures' own encoder is enough: the track is VP8, whichever codec was asked for.
 */
export async function encodeWebm(
  frames: readonly Raster[],
  fps: number,
  docType: "webm" | "matroska" = "webm",
): Promise<Buffer> {
  const { width = 16, height = 16 } = frames[0] ?? {};
  const frameMs = 1000 / fps;
  const clusters: { at: number; blocks: Buffer[] }[] = [];
  for (const [index, frame] of frames.entries()) {
    const at = Math.round(index * frameMs);
    const last = clusters.at(-1);
    const cluster = last !== undefined && at - last.at < clusterMs ? last : { at, blocks: [] };
    if (cluster !== last) clusters.push(cluster);
    const head = Buffer.from([0x81, 0, 0, 0x80]);
    head.writeInt16BE(at - cluster.at, 1);
    cluster.blocks.push(element("a3", head, await keyFrame(frame)));
  }
  const header = element(
    "1a45dfa3",
    element("4286", uint(1)),
    element("42f7", uint(1)),
    element("42f2", uint(4)),
    element("42f3", uint(8)),
    element("4282", Buffer.from(docType)),
    element("4287", uint(2)),
    element("4285", uint(2)),
  );
  const info = element(
    "1549a966",
    element("2ad7b1", uint(1_000_000)),
    element("4489", float(frames.length * frameMs)),
    element("4d80", Buffer.from("Darkroom simulator")),
    element("5741", Buffer.from("Darkroom simulator")),
  );
  const video = element("e0", element("b0", uint(width)), element("ba", uint(height)));
  const entry = element(
    "ae",
    element("d7", uint(1)),
    element("73c5", uint(1)),
    element("83", uint(1)),
    element("86", Buffer.from("V_VP8")),
    video,
  );
  const segment = element(
    "18538067",
    info,
    element("1654ae6b", entry),
    ...clusters.map(({ at, blocks }) => element("1f43b675", element("e7", uint(at)), ...blocks)),
  );
  return Buffer.concat([header, segment]);
}

/** The VP8 of a WebP file: `RIFF`, size, `WEBP`, `VP8 `, size, frame. */
async function keyFrame(frame: Raster): Promise<Buffer> {
  const file = await asSharp(frame).webp({ quality: webpQuality }).toBuffer();
  if (file.toString("latin1", 12, 16) !== "VP8 ") throw new Error("a lossy WebP without alpha must be plain VP8");
  return file.subarray(20, 20 + file.readUInt32LE(16));
}

function element(id: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(body.length));
  return Buffer.concat([Buffer.from(id, "hex"), size, body]);
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
