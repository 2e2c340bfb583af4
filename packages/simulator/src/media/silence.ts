import { createHash } from "node:crypto";
import { createBitWriter } from "./bits.ts";

/** The one sound that can be written in any format without an encoder; EmptyAudio makes no other. */
export interface Silence {
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels: number;
}

const flacBlock = 4096;

/** Constant blocks of zeros, 16 bits. */
export function encodeFlac({ seconds, sampleRate, channels }: Silence): Buffer {
  const total = Math.round(seconds * sampleRate);
  const info = createBitWriter();
  info.put(0x80, 8); // the last block of metadata, STREAMINFO
  info.put(34, 24);
  info.put(flacBlock, 16);
  info.put(flacBlock, 16);
  info.put(0, 48); // sizes of frames: unknown
  info.put(sampleRate, 20);
  info.put(channels - 1, 3);
  info.put(15, 5);
  info.put(total, 36);
  const sum = createHash("md5")
    .update(Buffer.alloc(total * channels * 2))
    .digest();
  const parts = [Buffer.from("fLaC"), info.bytes(), sum];
  for (let at = 0; at < total; at += flacBlock) {
    parts.push(flacFrame(at / flacBlock, Math.min(flacBlock, total - at), { sampleRate, channels }));
  }
  return Buffer.concat(parts);
}

/** The format's own codes of sample rates. A player that is told of none in the frames themselves loses its place in time. */
const flacRates: Readonly<Record<number, number>> = {
  ...{ 88200: 1, 176400: 2, 192000: 3, 8000: 4, 16000: 5, 22050: 6, 24000: 7 },
  ...{ 32000: 8, 44100: 9, 48000: 10, 96000: 11 },
};

function flacFrame(
  number: number,
  samples: number,
  { sampleRate, channels }: Pick<Silence, "sampleRate" | "channels">,
): Buffer {
  const bits = createBitWriter();
  bits.put(0xfff8, 16); // sync, blocks of one size
  bits.put(0b0111, 4); // the size follows, 16 bits
  bits.put(flacRates[sampleRate] ?? 0, 4); // 0: as in STREAMINFO
  bits.put(channels - 1, 4);
  bits.put(0b1000, 4); // 16 bits
  const head = Buffer.concat([bits.bytes(), Buffer.from(String.fromCodePoint(number)), u16(samples - 1)]);
  const constant = Buffer.alloc(3 * channels);
  const frame = Buffer.concat([head, Buffer.from([checksum(head, 8, 0x07)]), constant]);
  return Buffer.concat([frame, u16(checksum(frame, 16, 0x8005))]);
}

const kbpsIndex = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

/** MPEG-1 layer III whose frames hold no bit of sound. 44.1 kHz; `kbps` is one of the format's own rates. */
export function encodeMp3({ seconds, channels }: Silence, kbps: number): Buffer {
  const sampleRate = 44_100;
  const rate = Math.max(1, kbpsIndex.indexOf(kbps));
  const bytesPerFrame = (144_000 * (kbpsIndex[rate] ?? 32)) / sampleRate;
  const frames: Buffer[] = [];
  for (let index = 0; index < Math.ceil((seconds * sampleRate) / 1152); index += 1) {
    // A frame is a byte longer now and then, so that the rate comes out.
    const padded = Math.floor((index + 1) * (bytesPerFrame % 1)) > Math.floor(index * (bytesPerFrame % 1));
    const frame = Buffer.alloc(Math.floor(bytesPerFrame) + (padded ? 1 : 0));
    frame.set([0xff, 0xfb, (rate << 4) | (padded ? 2 : 0), channels === 1 ? 0xc0 : 0]);
    frames.push(frame);
  }
  return Buffer.concat(frames);
}

// 20 ms of nothing, full band, as the Opus project's own players send it.
const opusPackets = { 1: Buffer.from("f8fffe", "hex"), 2: Buffer.from("fcfffe", "hex") } as const;
const opusRate = 48_000;
const opusPacketSamples = 960;
const opusPreSkip = 312;
const packetsPerPage = 50;

/** Opus in Ogg, always at 48 kHz. */
export function encodeOpus({ seconds, channels }: Silence): Buffer {
  const count = channels === 1 ? 1 : 2;
  const head = Buffer.alloc(19);
  head.write("OpusHead");
  head.set([1, count], 8);
  head.writeUInt16LE(opusPreSkip, 10);
  head.writeUInt32LE(opusRate, 12);
  const vendor = Buffer.from("Darkroom simulator");
  const tags = Buffer.concat([Buffer.from("OpusTags"), u32le(vendor.length), vendor, u32le(0)]);
  const total = Math.round(seconds * opusRate) + opusPreSkip;
  const packets = Math.ceil(total / opusPacketSamples);
  const pages = [oggPage(0, [head], 0, 2), oggPage(1, [tags], 0, 0)];
  for (let at = 0; at < packets; at += packetsPerPage) {
    const end = Math.min(packets, at + packetsPerPage);
    const sound = Array.from({ length: end - at }, () => opusPackets[count]);
    pages.push(oggPage(pages.length, sound, Math.min(total, end * opusPacketSamples), end === packets ? 4 : 0));
  }
  return Buffer.concat(pages);
}

/** Packets shorter than 255 bytes. `flags`: 2 begins the stream, 4 ends it. */
function oggPage(sequence: number, packets: readonly Buffer[], granule: number, flags: number): Buffer {
  const head = Buffer.alloc(27);
  head.write("OggS");
  head.set([0, flags], 4);
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(0x4441524b, 14); // the stream's serial number
  head.writeUInt32LE(sequence, 18);
  head.set([packets.length], 26);
  const page = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  page.writeUInt32LE(checksum(page, 32, 0x04c11db7), 22);
  return page;
}

/** A cyclic redundancy check, most significant bit first, starting at zero. */
function checksum(bytes: Buffer, width: 8 | 16 | 32, polynomial: number): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit += 1) {
      const carries = ((sum >>> (width - 1)) & 1) === 1;
      sum = carries ? (sum << 1) ^ polynomial : sum << 1;
    }
  }
  return width === 32 ? sum >>> 0 : sum & (2 ** width - 1);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
