import type { Raster } from "../painting/raster.ts";
import { encodeH264, type H264Stream } from "./h264.ts";

const ticksPerSecond = 12_800;
const unity = "000100000000000000000000000000000001000000000000000000000000000040000000";

/** Frames as an MP4 file with one H.264 track; its index comes first, so that a player can begin at once. */
export function encodeMp4(frames: readonly Raster[], fps: number): Buffer {
  const { width = 16, height = 16 } = frames[0] ?? {};
  const stream = encodeH264(frames, width, height);
  const samples = stream.frames.map((frame) => Buffer.concat([u32(frame.length), frame]));
  const type = box("ftyp", "isom", u32(0x200), "isomiso2avc1mp41");
  const index = (firstAt: number): Buffer => movie({ stream, samples, width, height, fps, firstAt });
  const media = box("mdat", ...samples);
  return Buffer.concat([type, index(type.length + index(0).length + 8), media]);
}

interface Movie {
  readonly stream: H264Stream;
  readonly samples: readonly Buffer[];
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Where in the file the first sample is. */
  readonly firstAt: number;
}

function movie(given: Movie): Buffer {
  const { samples, width, height, fps } = given;
  const frameTicks = Math.max(1, Math.round(ticksPerSecond / fps));
  const duration = u32(frameTicks * samples.length);
  const header = box(
    "mvhd",
    zeros(12),
    u32(ticksPerSecond),
    duration,
    u32(0x10000),
    u16(0x100),
    zeros(10),
    hex(unity),
    zeros(24),
    u32(2),
  );
  const trackHeader = box(
    "tkhd",
    u32(3),
    zeros(8),
    u32(1),
    zeros(4),
    duration,
    zeros(16),
    hex(unity),
    u32(width * 0x10000),
    u32(height * 0x10000),
  );
  const mediaHeader = box("mdhd", zeros(12), u32(ticksPerSecond), duration, u16(0x55c4), zeros(2));
  const handler = box("hdlr", zeros(8), "vide", zeros(12), "VideoHandler\0");
  const dataInfo = box("dinf", box("dref", zeros(4), u32(1), box("url ", u32(1))));
  const info = box("minf", box("vmhd", u32(1), zeros(8)), dataInfo, sampleTable(given, frameTicks));
  return box("moov", header, box("trak", trackHeader, box("mdia", mediaHeader, handler, info)));
}

function sampleTable({ stream, samples, width, height, firstAt }: Movie, frameTicks: number): Buffer {
  const { sps, pps } = stream;
  const config = box(
    "avcC",
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1]),
    u16(sps.length),
    sps,
    Buffer.from([1]),
    u16(pps.length),
    pps,
  );
  const entry = box(
    "avc1",
    zeros(6),
    u16(1),
    zeros(16),
    u16(width),
    u16(height),
    u32(0x480000),
    u32(0x480000),
    zeros(4),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    config,
  );
  return box(
    "stbl",
    box("stsd", zeros(4), u32(1), entry),
    box("stts", zeros(4), u32(1), u32(samples.length), u32(frameTicks)),
    box("stsc", zeros(4), u32(1), u32(1), u32(samples.length), u32(1)),
    box("stsz", zeros(8), u32(samples.length), ...samples.map((sample) => u32(sample.length))),
    box("stco", zeros(4), u32(1), u32(firstAt)),
  );
}

function box(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const zeros = (count: number): Buffer => Buffer.alloc(count);
const hex = (text: string): Buffer => Buffer.from(text, "hex");
