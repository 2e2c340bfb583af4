import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { blackPng } from "../testing.ts";
import { createDecoders, type DecoderLimits, DecodersBusy } from "./decoders.ts";
import { ImageInvalid } from "./image.ts";

// Real processes and real pictures; what is here are the limits, which tests make small.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "darkroom-decoders-"));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function fileOf(bytes: Uint8Array): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.png`);
  await writeFile(path, bytes);
  return path;
}

function decodersOf(limits: Partial<DecoderLimits> = {}) {
  const decoders = createDecoders(limits);
  onTestFinished(() => decoders.close());
  const reencode = async (bytes: Uint8Array, turn = { subject: "me", cost: 1 }) => {
    const path = await fileOf(bytes);
    return decoders.reencode(path, `${path}.out`, turn);
  };
  return { decoders, reencode };
}

const black = blackPng(8, 8);
/** Five kilobytes that take a decoder for a good while. */
const slow = blackPng(6300, 6300);
const large = { subject: "me", cost: 6300 * 6300 };

test("a picture that ends its decoder is refused, and the next one is decoded", async () => {
  const { decoders, reencode } = decodersOf();
  await reencode(black);
  const path = await fileOf(slow);
  const pids = decoders.pids();
  const broken = decoders.reencode(path, `${path}.out`, large);
  for (const pid of pids) process.kill(pid, "SIGSEGV");
  await expect(broken).rejects.toThrow(/damaged/);
  expect(await reencode(black)).toEqual({ mimeType: "image/png", width: 8, height: 8 });
  expect(decoders.pids()).not.toEqual(expect.arrayContaining([...pids]));
});

test.each<[string, Partial<DecoderLimits>, RegExp]>([
  ["too long", { decodeMs: 20 }, /takes longer than 0\.02 s to read\. Send a smaller one\./],
  ["too much memory", { maxBytes: 1 }, /takes too much memory to read\. Send a smaller one\./],
])("a picture that takes %s is refused, and its decoder ended", async (_name, limits, reason) => {
  const { decoders, reencode } = decodersOf(limits);
  const refused = reencode(slow, large);
  await expect(refused).rejects.toBeInstanceOf(ImageInvalid);
  await expect(refused).rejects.toThrow(reason);
  // The other one goes on.
  await expect.poll(decoders.pids).toHaveLength(1);
});

test("somebody's small picture does not wait for the large ones that another sent before it", async () => {
  const { reencode } = decodersOf();
  const ended: string[] = [];
  const theirs = [1, 2, 3, 4].map((nth) => reencode(slow, large).then(() => ended.push(`large ${nth}`)));
  await reencode(black, { subject: "you", cost: 64 }).then(() => ended.push("small"));
  expect(ended.length).toBeLessThanOrEqual(2);
  await Promise.all(theirs);
});

test("too many pictures, or too long a wait, are refused as busy, and whoever has fewer is not", async () => {
  const { decoders } = decodersOf({ maxWaiting: 2 });
  // Written before, so that they come to the decoders in this order.
  const paths = await Promise.all([slow, slow, slow, black, slow].map(fileOf));
  const turns = [large, large, large, { subject: "you", cost: 64 }, { ...large, subject: "them" }];
  const ends = await Promise.allSettled(
    paths.map((path, at) => decoders.reencode(path, `${path}.out`, turns[at] ?? large)),
  );
  expect(ends.map((end) => (end.status === "rejected" ? end.reason : "read"))).toEqual([
    ...["read", "read", expect.any(DecodersBusy)],
    ...["read", "read"],
  ]);
  const hasty = decodersOf({ waitMs: 1 });
  const both = await Promise.allSettled([hasty.reencode(slow, large), hasty.reencode(slow, large)]);
  const tooLate = both.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(tooLate).toEqual([expect.any(DecodersBusy)]);
});

test("what the disk says is told as the disk said it", async () => {
  const { decoders } = decodersOf();
  const path = await fileOf(black);
  const turn = { subject: "me", cost: 1 };
  await expect(decoders.reencode(path, "/dev/full", turn)).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(decoders.thumbnail(path, "/dev/full", { width: 96, format: "webp" }, turn)).rejects.toMatchObject({
    code: "ENOSPC",
  });
});

test("a decoder has none of our environment", async () => {
  const { decoders, reencode } = decodersOf();
  await reencode(black);
  expect(await readFile(`/proc/${decoders.pids()[0]}/environ`, "utf8")).not.toMatch(/PATH|SECRET|URL/);
});
