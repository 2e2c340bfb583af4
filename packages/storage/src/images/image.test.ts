import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  checkHeader,
  createDecoders,
  createStorage,
  createThumbnails,
  describeFile,
  ImageInvalid,
  inspectImage,
  MAX_SIDE,
  makeThumbnail,
  reencodeImage,
} from "../index.ts";
import { blackPng } from "../testing.ts";

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

test("a picture is turned upright and stripped of what its sender put beside it", async () => {
  const jpeg = await flat(40, 20)
    .withExif({ IFD0: { Copyright: "secret" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const path = await fileOf(jpeg);
  expect(await inspectImage(path)).toMatchObject({ mimeType: "image/jpeg", width: 20, height: 40 });
  expect(await reencodeImage(path, `${path}.out`)).toEqual({ mimeType: "image/jpeg", width: 20, height: 40 });
  const metadata = await sharp(`${path}.out`).metadata();
  expect(metadata).toMatchObject({ format: "jpeg", width: 20, height: 40 });
  expect(metadata.exif).toBeUndefined();
});

const transparent = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 4, background: { r: 9, g: 99, b: 200, alpha: 0.5 } } });
test.each<[string, "jpeg" | "png", () => Promise<Buffer>]>([
  ["a photograph", "jpeg", () => noisy(600).jpeg({ quality: 90 }).toBuffer()],
  ["a WebP with loss", "jpeg", () => noisy(600).webp({ quality: 90 }).toBuffer()],
  ["an AVIF", "jpeg", () => noisy(300).avif({ quality: 90, effort: 0 }).toBuffer()],
  ["a PNG", "png", () => noisy(300).png().toBuffer()],
  ["a WebP without loss", "png", () => noisy(300).webp({ lossless: true, effort: 0 }).toBuffer()],
  ["a mask", "png", () => flat(300, 200, "white").toColourspace("b-w").png().toBuffer()],
  ["a PNG with transparency", "png", () => transparent(300).png().toBuffer()],
  ["a WebP with loss and transparency", "png", () => transparent(300).webp({ quality: 80 }).toBuffer()],
])(
  "%s is stored as a %s: what has lost details loses few more, what has not or is transparent none",
  async (_name, format, make) => {
    const sent = await make();
    const path = await fileOf(sent);
    expect(await reencodeImage(path, `${path}.out`)).toMatchObject({ mimeType: `image/${format}` });
    const stored = await readFile(`${path}.out`);
    expect((await sharp(stored).metadata()).format).toBe(format);
    if (format === "jpeg") expect(stored.length).toBeLessThan(2 * sent.length);
    else
      expect(await sharp(stored).ensureAlpha().raw().toBuffer()).toEqual(
        await sharp(sent).ensureAlpha().raw().toBuffer(),
      );
  },
);

/** A BMP whose first row is the lowest, or with a negative height the top one; white unless `pixels` says otherwise. */
function bmp(width: number, height: number, bits: number, pixels?: Buffer): Buffer {
  const colors = bits <= 8 ? 2 ** bits : 0;
  const body = pixels ?? Buffer.alloc(4 * Math.ceil((width * bits) / 32) * Math.abs(height), 0xff);
  const head = Buffer.alloc(54 + 4 * colors);
  head.write("BM");
  head.writeUInt32LE(head.length + body.length, 2);
  head.writeUInt32LE(head.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  for (let color = 0; color < colors; color += 1) head.writeUInt32LE((color * 0xffffff) / (colors - 1), 54 + 4 * color);
  return Buffer.concat([head, body]);
}

test("a BMP is stored as a PNG of the same pixels, whichever way its rows go and however it counts its colours", async () => {
  const pixelsOf = async (bytes: Buffer) => {
    const path = await fileOf(bytes);
    expect(await reencodeImage(path, `${path}.out`)).toMatchObject({ mimeType: "image/png" });
    return sharp(`${path}.out`).raw().toBuffer({ resolveWithObject: true });
  };
  // A blue pixel above a red one; each row ends with a byte of nothing.
  const [blue, red] = [Buffer.from([255, 0, 0, 0]), Buffer.from([0, 0, 255, 0])];
  for (const sent of [bmp(1, 2, 24, Buffer.concat([red, blue])), bmp(1, -2, 24, Buffer.concat([blue, red]))]) {
    const { data, info } = await pixelsOf(sent);
    expect([info.width, info.height, [...data]]).toEqual([1, 2, [0, 0, 255, 255, 0, 0]]);
  }
  for (const bits of [1, 4, 8]) {
    const { data } = await pixelsOf(
      bmp(2, 1, bits, Buffer.from([bits === 8 ? 0 : bits === 4 ? 0x0f : 0x40, 255, 0, 0])),
    );
    expect([...data]).toEqual([0, 0, 0, 255, 255, 255]);
  }
  const { info } = await pixelsOf(await readFile(join(import.meta.dirname, "testing/40.bmp")));
  expect(info).toMatchObject({ width: 40, height: 40, channels: 3 });
});

const heic = (brand: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`)]);
test.each<[string, () => Promise<Uint8Array | string>, RegExp]>([
  ["nothing at all", async () => "", /not an image that can be read\. Send a PNG/],
  ["text", async () => "not a picture", /not an image/],
  ["markup", async () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /not an image/],
  ["half a picture", async () => (await noisy(300).png().toBuffer()).subarray(0, 100_000), /damaged/],
  ["a header without a picture", async () => blackPng(100, 100, { pixels: deflateSync("") }), /damaged/],
  ["a TIFF", () => flat(9, 9).tiff().toBuffer(), /^TIFF pictures cannot be read here\. Send a PNG, JPEG/],
  ["an iPhone's HEIC", async () => heic("heic"), /^HEIC pictures cannot .+ Most Compatible\.$/],
  ["a general HEIC", async () => heic("mif1").fill("heix", 20), /^HEIC pictures/],
  ["half a BMP", async () => bmp(300, 200, 24).subarray(0, 1000), /damaged/],
  ["a BMP that is too wide", async () => bmp(MAX_SIDE + 1, 1, 1), /a side of more than 16384 pixels\./],
  ["a BMP of too many pixels", async () => bmp(6400, -6400, 1, Buffer.alloc(4)), /more than 40 megapixels\./],
  ["a picture that is too wide", async () => blackPng(MAX_SIDE + 1, 1), /a side of more than 16384 pixels\./],
  [
    "a picture that is too tall",
    async () => blackPng(1, 40_000_000, { pixels: deflateSync("") }),
    /a side of more than 16384 pixels\./,
  ],
  [
    "a picture of too many pixels",
    async () => blackPng(6400, 6400, { pixels: deflateSync("") }),
    /more than 40 megapixels\./,
  ],
  [
    "a picture that is too deep",
    async () => blackPng(5000, 5000, { pixels: deflateSync(""), type: [16, 6] }),
    /160 MB of memory\. Save it with 8 bits per channel\./,
  ],
])("%s is refused with a reason and what to do", async (_name, bytes, reason) => {
  const path = await fileOf(await bytes());
  const taken = reencodeImage(path, `${path}.out`);
  await expect(taken).rejects.toBeInstanceOf(ImageInvalid);
  await expect(taken).rejects.toThrow(reason);
});

const sizes: [string, () => Promise<Buffer>, { width: number; height: number }][] = [
  ["png", () => flat(300, 20).png().toBuffer(), { width: 300, height: 20 }],
  [
    "jpeg",
    () =>
      flat(300, 20)
        .jpeg({ progressive: true })
        .withExif({ IFD0: { Copyright: "x" } })
        .toBuffer(),
    { width: 300, height: 20 },
  ],
  ["gif", () => moving("gif"), { width: 16, height: 16 }],
  ["webp with loss", () => flat(300, 20).webp().toBuffer(), { width: 300, height: 20 }],
  ["webp without loss", () => flat(300, 20).webp({ lossless: true }).toBuffer(), { width: 300, height: 20 }],
  ["webp that moves", () => moving("webp"), { width: 16, height: 16 }],
];
test.each(sizes)("the size of a %s is in its header", async (_name, make, size) => {
  expect(await checkHeader(await fileOf(await make()))).toMatchObject({ size });
});

test("texts in a PNG are never unpacked, its colors and its orientation are kept", async () => {
  const bomb = Buffer.concat([Buffer.from("a\0\0"), deflateSync(Buffer.alloc(50_000_000))]);
  const path = await fileOf(blackPng(8, 8, { extras: Array.from({ length: 20 }, () => ["zTXt", bomb] as const) }));
  const before = process.memoryUsage.rss();
  let most = before;
  // Looked at meanwhile: what was unpacked is given back at the end.
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 2);
  await reencodeImage(path, `${path}.out`).finally(() => clearInterval(watching));
  // Unpacked they are 1 GB.
  expect(most - before).toBeLessThan(100e6);
  const turned = await fileOf(
    await flat(40, 20).withMetadata({ orientation: 6 }).withIccProfile("p3").png().toBuffer(),
  );
  expect(await reencodeImage(turned, `${turned}.out`)).toMatchObject({ width: 20, height: 40 });
  const [kept, plain] = await Promise.all([
    sharp(`${turned}.out`).stats(),
    sharp(await flat(1, 1).png().toBuffer()).stats(),
  ]);
  expect(kept.channels.map(({ mean }) => Math.round(mean))).toEqual(plain.channels.map(({ mean }) => Math.round(mean)));
});

test("a disk without room is not taken for a damaged picture", async () => {
  const path = await fileOf(await flat(9, 9).png().toBuffer());
  await expect(reencodeImage(path, "/dev/full")).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(makeThumbnail(path, "/dev/full", { width: 96, format: "webp" })).rejects.toMatchObject({
    code: "ENOSPC",
  });
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
  ["a picture larger than we decode", "x.png", async () => blackPng(20_000, 9), "file", "image/png"],
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
  ["numbers", "x.latent", async () => Buffer.from([0, 1, 2, 3, 254]), "file", "application/x-latent"],
  ["numbers", "x", async () => Buffer.from([0, 1, 2, 3, 254]), "file", "application/octet-stream"],
  [
    "an EXR",
    "x.0001.EXR",
    async () => Buffer.from([0x76, 0x2f, 0x31, 1, 2, 0, 0, 0, 254]),
    "file",
    "application/x-exr",
  ],
  ["a PSD", "x.psd", async () => Buffer.from("8BPS\0\x01\0\0\0\0", "latin1"), "file", "application/x-psd"],
  ["an FBX", "x.fbx", async () => Buffer.from([75, 97, 0, 26, 254]), "model", "model/x-fbx"],
  ["an FBX by no name", "x", async () => Buffer.from("Kaydara FBX Binary  \0\x1a\0"), "model", "model/x-fbx"],
  ["an FBX in letters", "x.fbx", async () => "; FBX 7.4.0 project file\n", "model", "model/x-fbx"],
  ["a sentence called so", "x.fbx", async () => "no model", "text", "text/x-fbx; charset=utf-8"],
  ["a USD in letters", "x.usda", async () => "#usda 1.0\n(\n)\n", "model", "model/x-usda"],
  ["a USD packed", "x.usdz", async () => Buffer.from("PK\x03\x04\x0a\0\0\0\0\0", "latin1"), "model", "model/x-usdz"],
  ["a Collada", "x.dae", async () => '<?xml version="1.0"?>\n<COLLADA version="1.4.1"/>', "model", "model/x-dae"],
  ["a table", "x.csv", async () => "a,b\n1,2\n", "text", "text/csv; charset=utf-8"],
  ["subtitles", "x.srt", async () => "1\n00:00:00,000 --> 00:00:01,000\nhello\n", "text", "text/x-srt; charset=utf-8"],
  ["a script", "x.js", async () => "alert(1)", "text", "text/plain; charset=utf-8"],
];
test.each(kinds)("%s called %s is told by its content", async (_name, name, bytes, kind, mimeType) => {
  expect(await describeFile(await fileOf(await bytes()), name)).toMatchObject({ kind, mimeType });
});

const samples = new URL("../../../workflow-files/src/testing/samples/", import.meta.url);
test.each([
  ["mp4.0330.mp4", { kind: "video", width: 64, height: 64, durationSeconds: 2 / 3 }],
  ["webm-av1.0330.webm", { kind: "video", width: 64, height: 64, durationSeconds: 0.667 }],
  ["flac.0330.flac", { kind: "audio", width: null, durationSeconds: 1 }],
  ["mp3.0364.mp3", { kind: "audio", width: null, durationSeconds: expect.closeTo(1.045, 2) }],
] as const)("%s, as a real server saved it, says how large and how long it is", async (name, facts) => {
  expect(await describeFile(fileURLToPath(new URL(name, samples)), name)).toMatchObject(facts);
});

test("a film that is cut off or nonsense is a film of unknown size and length", async () => {
  const film = await readFile(new URL("mp4.0330.mp4", samples));
  for (const bytes of [film.subarray(0, 64), Buffer.concat([film.subarray(0, 32), Buffer.alloc(4000, 0xff)])]) {
    const facts = await describeFile(await fileOf(bytes), "x.mp4");
    expect(facts).toMatchObject({ kind: "video", width: null, height: null, durationSeconds: null });
  }
});

test("a thumbnail is smaller, never larger than its original, of a moving picture its first frame, and made once", async () => {
  const storage = createStorage({ STORAGE_URL: pathToFileURL(join(folder, "storage")).href });
  const decoders = createDecoders();
  onTestFinished(() => decoders.close());
  const thumbnails = createThumbnails(storage, decoders);
  const read = async (bytes: Buffer, width: number, format: "webp" | "png" = "webp") => {
    const original = { ...(await storage.put([bytes], { maxBytes: 1e7 })), width: null, height: null };
    const opened = await thumbnails.open(original, { width, format }, "somebody");
    return sharp(opened === null ? undefined : await buffer(opened.stream)).metadata();
  };
  const wide = await flat(1000, 500, "blue").png().toBuffer();
  const made = await Promise.all([300, 384, 384, 3072].map((width) => read(wide, width)));
  expect(made.map(({ format, width }) => [format, width])).toEqual([
    ["webp", 384],
    ["webp", 384],
    ["webp", 384],
    ["webp", 1000],
  ]);
  expect(await read(await noisy(64).png().toBuffer(), 96, "png")).toMatchObject({ isPalette: false });
  const still = await read(await moving("gif"), 96);
  expect([still.width, still.height, still.pages ?? 1]).toEqual([16, 16, 1]);
});
