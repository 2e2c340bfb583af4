import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import {
  createStorage,
  FileTooLarge,
  ImageInvalid,
  inspectImage,
  reencodeImage,
  type Storage,
  thumbnail,
} from "./index.ts";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function setup(): Promise<{ storage: Storage; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-storage-"));
  folders.push(folder);
  return { storage: createStorage(pathToFileURL(folder).href), folder };
}

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

test("the same bytes are stored once, whatever their chunks", async () => {
  const { storage } = await setup();
  const one = await storage.put(chunks("dark", "room"), { maxBytes: 100 });
  const two = await storage.put(chunks("d", "arkroom"), { maxBytes: 100 });
  expect(two).toEqual(one);
  const file = await storage.open(one.storageKey);
  expect(file?.sizeBytes).toBe(8);
  expect(file && (await buffer(file.stream)).toString()).toBe("darkroom");
});

test("a file over the limit leaves nothing behind", async () => {
  const { storage, folder } = await setup();
  await expect(storage.put(chunks("12345", "67890"), { maxBytes: 9 })).rejects.toBeInstanceOf(FileTooLarge);
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
});

test("a source that breaks leaves nothing behind", async () => {
  const { storage, folder } = await setup();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("half");
    throw new Error("the connection was reset");
  }
  await expect(storage.put(broken(), { maxBytes: 100 })).rejects.toThrow("the connection was reset");
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
});

test("a range is served, and an unknown key is null", async () => {
  const { storage } = await setup();
  const { storageKey } = await storage.put(chunks("0123456789"), { maxBytes: 100 });
  const part = await storage.open(storageKey, { start: 2, end: 4 });
  expect(part && (await buffer(part.stream)).toString()).toBe("234");
  expect(await storage.open(storageKey.replaceAll("a", "b").replace(/^../, "00").replace(/\/../, "/00"))).toBeNull();
});

test.each(["../../etc/passwd", "/etc/passwd", "ab/cd/../x", ""])("%s is never a storage key", async (key) => {
  const { storage } = await setup();
  expect(() => storage.path(key)).toThrow("not a storage key");
});

test("an upload is known by its content, turned upright and stripped", async () => {
  const { storage } = await setup();
  const jpeg = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } })
    .withExif({ IFD0: { Copyright: "secret" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { storageKey } = await storage.put([jpeg], { maxBytes: 1e6 });
  expect(await inspectImage(storage.path(storageKey))).toMatchObject({ mimeType: "image/jpeg", width: 20, height: 40 });
  const clean = await reencodeImage(storage.path(storageKey));
  const metadata = await sharp(clean.data).metadata();
  expect(metadata).toMatchObject({ format: "png", width: 20, height: 40 });
  expect(metadata.exif).toBeUndefined();
});

test("text and half a picture are refused with a reason", async () => {
  const { storage } = await setup();
  const text = await storage.put(chunks("<svg onload=alert(1)>not a picture"), { maxBytes: 1e6 });
  await expect(inspectImage(storage.path(text.storageKey))).rejects.toBeInstanceOf(ImageInvalid);
  const png = await sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: "red",
      noise: { type: "gaussian", mean: 128, sigma: 30 },
    },
  })
    .png()
    .toBuffer();
  const half = await storage.put([png.subarray(0, png.length / 2)], { maxBytes: 1e7 });
  await expect(reencodeImage(storage.path(half.storageKey))).rejects.toBeInstanceOf(ImageInvalid);
});

test("a thumbnail is smaller, never larger than its original, and made once", async () => {
  const { storage } = await setup();
  const png = await sharp({ create: { width: 1000, height: 500, channels: 3, background: "blue" } })
    .png()
    .toBuffer();
  const { storageKey } = await storage.put([png], { maxBytes: 1e7 });
  const path = await thumbnail(storage, storageKey, { width: 300, format: "webp" });
  expect(await sharp(path).metadata()).toMatchObject({ format: "webp", width: 384, height: 192 });
  expect(await thumbnail(storage, storageKey, { width: 384, format: "webp" })).toBe(path);
  const large = await thumbnail(storage, storageKey, { width: 1536, format: "webp" });
  expect((await sharp(large).metadata()).width).toBe(1000);
});
