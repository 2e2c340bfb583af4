import type { Mutant } from "./mutant.ts";

const image = "packages/storage/src/images/image.test.ts";
const decoders = "packages/storage/src/images/decoders.test.ts";
const turns = "packages/storage/src/images/decoder-turns.test.ts";

/** Guarded here: what a stranger's picture may cost, and what is kept of it. */
export const imageMutants: Readonly<Record<string, Mutant>> = {
  "image-side": {
    guard: "a picture with a side that is too long is not decoded",
    file: "packages/storage/src/images/image.ts",
    text: "if (Math.max(width, height) > MAX_SIDE)",
    replacement: "if (Math.max(width, height) > MAX_PIXELS)",
    tests: [image],
    only: "is refused with a reason and what to do",
  },
  "image-pixels": {
    guard: "a picture of too many pixels is not decoded",
    file: "packages/storage/src/images/image.ts",
    text: "if (width * height > MAX_PIXELS)",
    replacement: "if (width * height > 2 * MAX_PIXELS)",
    tests: [image],
    only: "is refused with a reason and what to do",
  },
  "image-depth": {
    guard: "a picture whose pixels take too much memory is not decoded",
    file: "packages/storage/src/images/image.ts",
    text: "channels * bytesPerSample > MAX_DECODED_BYTES",
    replacement: "channels > MAX_DECODED_BYTES",
    tests: [image],
    only: "is refused with a reason and what to do",
  },
  "image-texts": {
    guard: "compressed texts of a PNG are not unpacked",
    file: "packages/storage/src/images/image.ts",
    text: 'header.format === "png" ? withoutAncillaryChunks(await readFile(path)) : path',
    replacement: "path",
    tests: [image],
    only: "texts in a PNG are never unpacked",
  },
  "image-alpha": {
    guard: "transparency is kept without loss",
    file: "packages/storage/src/images/image.ts",
    text: "header.isLossy && !metadata.hasAlpha",
    replacement: "header.isLossy",
    tests: [image],
    only: "is stored as",
  },
  "decoder-time": {
    guard: "a picture that takes too long ends",
    file: "packages/storage/src/images/decoders.ts",
    text: '      decoder.kill("SIGKILL");\n      settle({ type: "invalid", message: `The image takes longer',
    replacement: '      settle({ type: "invalid", message: `The image takes longer',
    tests: [decoders],
    only: "is refused, and its decoder ended",
  },
  "decoder-memory": {
    guard: "a picture that takes too much memory ends",
    file: "packages/storage/src/images/decoder-main.ts",
    text: "if (process.memoryUsage.rss() <= maxBytes) return;",
    replacement: "return;",
    tests: [decoders],
    only: "is refused, and its decoder ended",
  },
  "decoder-last": {
    guard: "large pictures of one person leave a decoder free",
    file: "packages/storage/src/images/decoder-turns.ts",
    text: ".filter((turn) => free > 1 || mayTakeLast(turn))",
    replacement: ".filter((turn) => free > 0 || mayTakeLast(turn))",
    tests: [turns],
  },
  "decoder-surplus": {
    guard: "of too many pictures that wait, one of whoever has most is sent away",
    file: "packages/storage/src/images/decoder-turns.ts",
    text: "waiting.findLast(({ subject }) => counts.get(subject) === most)",
    replacement: "waiting.at(-1)",
    tests: [turns],
  },
  "disk-reserve": {
    guard: "what is kept in reserve takes no new file",
    file: "packages/storage/src/reserve.ts",
    text: "if (freeBytes < reserveBytes)",
    replacement: "if (freeBytes < 0)",
    tests: ["packages/storage/src/storage.test.ts"],
    only: "what is kept in reserve takes no new file",
  },
  "disk-slot": {
    guard: "a full disk does not make the slots wake each other without end",
    file: "apps/worker/src/slots/processor.ts",
    text: "if (!isWanted(loop) || !(await loop.hasRoom()))",
    replacement: "if (!isWanted(loop))",
    tests: ["apps/worker/src/worker.test.ts"],
    only: "waits while there is too little room for its outputs",
  },
  "disk-said-once": {
    guard: "a full disk is said once a minute",
    file: "apps/worker/src/slots/disk-gate.ts",
    text: 'if (isNews("full"))',
    replacement: "if (freeBytes < minFreeBytes)",
    tests: ["apps/worker/src/worker.test.ts"],
    only: "waits while there is too little room for its outputs",
  },
  "disk-log": {
    guard: "a log that cannot be written ends no process",
    file: "apps/web/src/server/main.ts",
    text: '.on("error", () => undefined);\nconst log',
    replacement: ";\nconst log",
    tests: ["apps/web/src/server/full-disk.test.ts"],
    only: "a log that cannot be written ends nothing",
  },
};
