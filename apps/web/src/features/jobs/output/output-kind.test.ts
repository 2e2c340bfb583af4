import { expect, test } from "vitest";
import { outputSummary } from "./output-kind.ts";

test.each([
  ["image", "image/jpeg", "Picture · JPG · 32 × 16 · 2.2 kB", 32],
  ["animation", "image/apng", "Animation · PNG · 32 × 16 · 2.2 kB", 32],
  ["video", "video/matroska", "Video · MKV · 2.2 kB", null],
  ["audio", "audio/ogg; codecs=opus", "Sound · OPUS · 2.2 kB", null],
  ["text", "text/plain; charset=utf-8", "Text · TXT · 2.2 kB", null],
  ["model", "model/gltf-binary", "3D model · GLB · 2.2 kB", null],
  ["model", "model/obj", "3D model · OBJ · 2.2 kB", null],
  ["file", "application/octet-stream", "File · BIN · 2.2 kB", null],
] as const)("an output of kind %s and type %s is %s", (kind, mimeType, summary, width) => {
  const size = { sizeBytes: 2200, width, height: width === null ? null : 16 };
  expect(outputSummary({ kind, mimeType, ...size })).toBe(summary);
});
