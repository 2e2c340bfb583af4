import { MAX_READ_BYTES } from "../limits.ts";
import { readWorkflowFile } from "../read-workflow-file.ts";
import { WorkflowFileError } from "../workflow-file-error.ts";
import { type Sample, savedFiles, writtenFiles } from "./samples.ts";

/** What one input may cost: processor time in ms, so that a busy machine does not count, and bytes read. */
const MAX_MS = 1000;
const maxBytes = (size: number): number => Math.min(MAX_READ_BYTES, 2 * size + 4096);

export interface FuzzResult {
  readonly inputs: number;
  readonly read: number;
  /** By fault. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of the input that took longest. */
  readonly slowestMs: number;
  /** The inputs that did not end as they must: with which, and how. */
  readonly failures: readonly string[];
}

/** Reads samples that were changed at random; the same seed gives the same inputs. */
export async function fuzz({ inputs, seed }: { inputs: number; seed: number }): Promise<FuzzResult> {
  const random = randomFrom(seed);
  const samples = [...savedFiles, ...writtenFiles()];
  const refused: Record<string, number> = {};
  const failures: string[] = [];
  let read = 0;
  let slowestMs = 0;
  for (let index = 0; index < inputs; index += 1) {
    const sample = pick(samples, random);
    const data = changed(sample.data, samples, random);
    const file = counted(new Blob([data]));
    const began = process.cpuUsage();
    try {
      await readWorkflowFile(file);
      read += 1;
    } catch (error) {
      if (error instanceof WorkflowFileError) refused[error.fault] = (refused[error.fault] ?? 0) + 1;
      else failures.push(`input ${index} (${sample.name}): ${error instanceof Error ? error.stack : String(error)}`);
    }
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > MAX_MS) failures.push(`input ${index} (${sample.name}) took ${ms} ms`);
    if (file.bytesRead() > maxBytes(data.length)) {
      failures.push(`input ${index} (${sample.name}) of ${data.length} bytes: read ${file.bytesRead()}`);
    }
  }
  return { inputs, read, refused, slowestMs, failures };
}

/** A blob that knows how many bytes were asked of it. */
export function counted(blob: Blob) {
  let sum = 0;
  return {
    size: blob.size,
    slice(from = 0, to = blob.size) {
      sum += to - from;
      return blob.slice(from, to);
    },
    bytesRead: () => sum,
  };
}

/** Between 0 and 1, by a linear congruential generator: the same numbers everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Numbers on which lengths and counts break. */
const extremes = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

/** One to four changes, most of them in the first half, where lengths stand. */
function changed(data: Uint8Array, samples: readonly Sample[], random: () => number): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(data);
  for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) {
    const at = Math.floor(random() ** (random() < 0.5 ? 1 : 2) * (bytes.length + 1));
    const length = Math.floor(random() ** 3 * (bytes.length - at + 1));
    bytes = pick(changes, random)({ bytes, at, length, samples, random });
  }
  return bytes;
}

interface Change {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: number;
  readonly length: number;
  readonly samples: readonly Sample[];
  readonly random: () => number;
}

const changes: readonly ((change: Change) => Uint8Array<ArrayBuffer>)[] = [
  ({ bytes, at, random }) => set(bytes, at, [Math.floor(random() * 256)]),
  ({ bytes, at, random }) => set(bytes, at, [(bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))]),
  ({ bytes, at, random }) => set(bytes, at, wordOf(pick(extremes, random), random() < 0.5)),
  ({ bytes, at }) => bytes.slice(0, at),
  ({ bytes, at, length }) => around(bytes, at, at + length, new Uint8Array(0)),
  ({ bytes, at, length }) => around(bytes, at, at, bytes.slice(at, at + length)),
  ({ bytes, at, random }) =>
    around(
      bytes,
      at,
      at,
      Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)),
    ),
  ({ bytes, at, length, samples, random }) => {
    const other = pick(samples, random).data;
    const from = Math.floor(random() * other.length);
    return around(bytes, at, at + length, other.slice(from, from + Math.floor(random() * 400)));
  },
];

function set(bytes: Uint8Array<ArrayBuffer>, at: number, values: readonly number[]): Uint8Array<ArrayBuffer> {
  for (const [index, value] of values.entries()) if (at + index < bytes.length) bytes[at + index] = value;
  return bytes;
}

function wordOf(value: number, isLittle: boolean): number[] {
  const word = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  return isLittle ? word.reverse() : word;
}

function around(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]));
}
