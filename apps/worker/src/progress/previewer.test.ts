import { randomBytes } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { ClaimedJob } from "@darkroom/db";
import { createProcessLog } from "@darkroom/monitor";
import { expect, test } from "vitest";
import type { Announcer } from "../announcer.ts";
import { createAttempt } from "../attempt/attempt.ts";
import { createPreviewer, MAX_PREVIEW_BYTES } from "./previewer.ts";

const job: ClaimedJob = {
  jobId: "j",
  ownerId: "o",
  requestId: null,
  attempt: 1,
  queuedAt: "2026-01-01T00:00:00.000Z",
  version: 2,
  inputs: {},
  seed: null,
  modelKey: null,
  definition: { slug: "s", name: "", description: "", graph: {}, parameters: [], bindings: [], outputs: [] },
  failures: 0,
  infraFailures: 0,
  openDispatch: null,
};

/** A previewer whose pictures are stored when the test says so. */
function setup({ intervalMs = 0, isStored = Promise.resolve() as Promise<unknown> } = {}) {
  const stored: Buffer[] = [];
  const urls: string[] = [];
  const told = Promise.withResolvers<void>();
  const announcer: Announcer = {
    events: () => undefined,
    metric: () => undefined,
    preview: async (_jobId, jpeg) => {
      stored.push(jpeg);
      await isStored;
      return true;
    },
    transient: ({ event }) => {
      if (event.type === "job.previewed") urls.push(event.url);
      told.resolve();
    },
  };
  const log = createProcessLog({ app: "worker", level: "silent", instance: "test" });
  return {
    previewer: createPreviewer(createAttempt(job, { backendId: "b", log }), { announcer, intervalMs, log }),
    stored,
    urls,
    told,
  };
}

/** A PNG of noise: as large as pictures get. */
function noise(side: number): Buffer {
  const rows = Buffer.concat(
    Array.from({ length: side }, () => Buffer.concat([Buffer.from([0]), randomBytes(side * 3)])),
  );
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
const jpeg = (name: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(name)]);

test("a PNG becomes a JPEG of at most 64 KB, whatever its frame called it", async () => {
  const { previewer, stored, told } = setup();
  previewer.show(noise(512));
  await told.promise;
  previewer.stop();
  expect(stored[0]?.subarray(0, 3).toString("hex")).toBe("ffd8ff");
  expect(stored[0]?.length).toBeLessThanOrEqual(MAX_PREVIEW_BYTES);
});

test("what is no picture is passed over, and the next one is shown", async () => {
  const { previewer, stored, told } = setup();
  previewer.show(Buffer.from("<html>"));
  previewer.show(jpeg("good"));
  await told.promise;
  previewer.stop();
  expect(stored).toEqual([jpeg("good")]);
});

test("while one is being stored the frames go by, and the newest is the next", async () => {
  const first = Promise.withResolvers<void>();
  const { previewer, stored, told } = setup({ isStored: first.promise });
  for (const name of ["1", "2", "3", "4"]) previewer.show(jpeg(name));
  expect(stored).toEqual([jpeg("1")]);
  first.resolve();
  await told.promise;
  await expect.poll(() => stored.length).toBe(2);
  previewer.stop();
  expect(stored[1]).toEqual(jpeg("4"));
});

test("no more than one picture per interval goes out, and none after the end", async () => {
  const { previewer, stored, urls, told } = setup({ intervalMs: 60_000 });
  previewer.show(jpeg("1"));
  await told.promise;
  previewer.show(jpeg("2"));
  previewer.stop();
  previewer.show(jpeg("3"));
  expect(stored).toEqual([jpeg("1")]);
  expect(urls).toEqual([expect.stringMatching(/^\/api\/jobs\/j\/preview\?at=\d+$/)]);
});
