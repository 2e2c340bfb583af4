import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createStorage,
  describeFile,
  ImageInvalid,
  inspectImage,
  MAX_PIXELS,
  openThumbnail,
  reencodeImage,
} from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "darkroom-image-"));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function fileOf(bytes: Uint8Array | string): Promise<string> {
  count += 1;
  const path = join(folder, String(count));
  await writeFile(path, bytes);
  return path;
}
const flat = (width: number, height: number, background = "red") =>
  sharp({ create: { width, height, channels: 3, background } });
const noisy = (side: number) =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: "red",
      noise: { type: "gaussian", mean: 128, sigma: 30 },
    },
  });
/** Two frames. */
const moving = (format: "webp" | "gif") =>
  sharp(Buffer.concat([Buffer.alloc(16 * 16 * 3, 20), Buffer.alloc(16 * 16 * 3, 220)]), {
    raw: { width: 16, height: 32, channels: 3, pageHeight: 16 },
  })
    .toFormat(format, { delay: [100, 100], loop: 0 })
    .toBuffer();

/** A PNG that says it is that large, and is a few bytes long. */
function hollowPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync("")),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

test("a picture is turned upright and stripped of what its sender put beside it", async () => {
  const jpeg = await flat(40, 20)
    .withExif({ IFD0: { Copyright: "secret" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const path = await fileOf(jpeg);
  expect(await inspectImage(path)).toMatchObject({ mimeType: "image/jpeg", width: 20, height: 40 });
  expect(await reencodeImage(path, `${path}.png`)).toEqual({ width: 20, height: 40 });
  const metadata = await sharp(`${path}.png`).metadata();
  expect(metadata).toMatchObject({ format: "png", width: 20, height: 40 });
  expect(metadata.exif).toBeUndefined();
});

test.each([
  ["nothing at all", async () => ""],
  ["text", async () => "not a picture"],
  ["markup", async () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"/>'],
  ["half a picture", async () => (await noisy(300).png().toBuffer()).subarray(0, 100_000)],
  ["a picture that says it is far larger than it may be", async () => hollowPng(30_000, 30_000)],
  ["a header without a picture", async () => hollowPng(100, 100)],
  ["a TIFF", () => flat(9, 9).tiff().toBuffer()],
])("%s is refused with a reason", async (_name, bytes) => {
  const path = await fileOf(await bytes());
  const taken = inspectImage(path).then(() => reencodeImage(path, `${path}.png`));
  await expect(taken).rejects.toBeInstanceOf(ImageInvalid);
  await expect(taken).rejects.toThrow(/^(The (file|image)|Images of type) .+\.$/);
});

test("the refusal of too many pixels names the limit", async () => {
  await expect(inspectImage(await fileOf(hollowPng(30_000, 30_000)))).rejects.toThrow(
    `more than ${MAX_PIXELS / 1e6} megapixels`,
  );
});

const glb = Buffer.from("glTF\x02\x00\x00\x00\x0c\x00\x00\x00", "latin1");
const stl = Buffer.alloc(84 + 50);
stl.writeUInt32LE(1, 80);
const kinds: [string, string, () => Promise<Uint8Array | string>, string, string][] = [
  ["a PNG", "x.png", () => flat(9, 8).png().toBuffer(), "image", "image/png"],
  ["a JPEG by another name", "x.mp4", () => flat(9, 8).jpeg().toBuffer(), "image", "image/jpeg"],
  ["a still WebP", "x.webp", () => flat(9, 8).webp().toBuffer(), "image", "image/webp"],
  ["a moving WebP", "x.webp", () => moving("webp"), "animation", "image/webp"],
  ["a moving GIF", "x.gif", () => moving("gif"), "animation", "image/gif"],
  ["a TIFF", "x.tiff", () => flat(9, 8).tiff().toBuffer(), "file", "image/tiff"],
  ["an MP4", "x", async () => Buffer.from("\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "latin1"), "video", "video/mp4"],
  ["a WAV", "x.bin", async () => Buffer.from("RIFF\x24\0\0\0WAVEfmt ", "latin1"), "audio", "audio/wav"],
  ["a FLAC", "x", async () => Buffer.from("fLaC\0\0\0\x22\x10\0", "latin1"), "audio", "audio/flac"],
  ["a binary glTF", "x.glb", async () => glb, "model", "model/gltf-binary"],
  ["a glTF", "x.gltf", async () => '{"asset":{"version":"2.0"}}', "model", "model/gltf+json"],
  ["an OBJ", "x.obj", async () => "# made\nv 0.0 1.0 2.0\nf 1 1 1\n", "model", "model/obj"],
  ["a PLY", "x", async () => "ply\nformat ascii 1.0\n", "model", "model/ply"],
  ["a binary STL", "x.stl", async () => stl, "model", "model/stl"],
  ["a sentence", "x", async () => "solid advice: é世", "text", "text/plain; charset=utf-8"],
  ["a sentence that begins like a bitmap", "x", async () => "BM is a mark", "text", "text/plain; charset=utf-8"],
  ["a page", "x.html", async () => "<!doctype html><script>alert(1)</script>", "text", "text/plain; charset=utf-8"],
  ["a drawing", "x.svg", async () => '<?xml version="1.0"?><svg/>', "file", "image/svg+xml"],
  ["markup", "x.xml", async () => '<?xml version="1.0"?><svg/>', "text", "text/plain; charset=utf-8"],
  ["JSON", "x.json", async () => '{"a":1}', "text", "application/json"],
  ["numbers", "x.latent", async () => Buffer.from([0, 1, 2, 3, 254]), "file", "application/octet-stream"],
];
test.each(kinds)("%s called %s is told by its content", async (_name, name, bytes, kind, mimeType) => {
  expect(await describeFile(await fileOf(await bytes()), name)).toMatchObject({ kind, mimeType });
});

test("a thumbnail is smaller, never larger than its original, of a moving picture its first frame", async () => {
  const storage = createStorage({ STORAGE_URL: pathToFileURL(join(folder, "storage")).href });
  const read = async (key: string, width: number) => {
    const opened = await openThumbnail(storage, key, { width, format: "webp" });
    return sharp(opened === null ? undefined : await buffer(opened.stream)).metadata();
  };
  const { storageKey } = await storage.put([await flat(1000, 500, "blue").png().toBuffer()], { maxBytes: 1e7 });
  expect(await read(storageKey, 300)).toMatchObject({ format: "webp", width: 384, height: 192 });
  expect(await read(storageKey, 384)).toMatchObject({ width: 384 });
  expect(await read(storageKey, 3072)).toMatchObject({ width: 1000 });
  const colors = await storage.put([await noisy(64).png().toBuffer()], { maxBytes: 1e7 });
  const png = await openThumbnail(storage, colors.storageKey, { width: 96, format: "png" });
  expect(await sharp(png === null ? undefined : await buffer(png.stream)).metadata()).toMatchObject({
    isPalette: false,
  });
  const gif = await storage.put([await moving("gif")], { maxBytes: 1e7 });
  const still = await read(gif.storageKey, 96);
  expect([still.width, still.height, still.pages ?? 1]).toEqual([16, 16, 1]);
});
