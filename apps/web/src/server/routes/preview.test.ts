import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { newId, type OwnedEvent, previewUrl } from "@darkroom/contracts";
import { createOutput, type Database, seedWorkflows, settleJob } from "@darkroom/db";
import { createFaultProxy } from "@darkroom/fault-proxy";
import type { Publisher } from "@darkroom/queue";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createPreviewLoader } from "../../features/jobs/card/preview-loader.ts";
import { type Gateway, guestOf, keyHolder, openSocket, type RawSocket } from "../testing/gateway.ts";
import { claim as claimAgain, picture, runningJob as startJob } from "../testing/running-job.ts";
import { setup } from "../testing/setup.ts";

let database: Database;
let gateway: Gateway;
let publisher: Publisher;
let close: () => Promise<void>;

beforeAll(async () => {
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  ({ database, gateway, publisher, close } = await setup(urls));
  await seedWorkflows(database, [picture]);
}, 90_000);
afterAll(() => close?.());

const runningJob = (ownerId: string) => startJob({ database, publisher }, ownerId);
const claim = (jobId: string) => claimAgain({ database, publisher }, jobId);

/** What a worker does with a frame: the picture into Redis, then the word that it is there. */
async function preview(ownerId: string, jobId: string, jpeg: Buffer, version = 2): Promise<void> {
  const at = Date.now();
  await publisher.setPreview(jobId, jpeg, { attempt: 1 });
  const event = { type: "job.previewed", jobId, version, attempt: 1, at: new Date(at).toISOString() } as const;
  await publisher.publishTransient({ ownerId, event: { ...event, url: previewUrl(jobId, at) } });
}

const jpegOf = (bytes: number): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(bytes - 3)]);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const ask = (jobId: string, headers: Record<string, string>) =>
  fetch(`${gateway.url}/api/jobs/${jobId}/preview`, { headers });

interface Message {
  readonly result?: {
    readonly type?: string;
    readonly data?: {
      readonly id: string;
      readonly data: {
        readonly events: readonly OwnedEvent["event"][];
        readonly jobs?: readonly { readonly jobId: string; readonly previewUrl: string | null }[];
      };
    };
  };
}
const follow = (socket: RawSocket, lastEventId?: string) =>
  socket.send({ id: 1, method: "subscription", params: { path: "job.onFeed", input: { lastEventId } } });

test("a preview is given byte for byte to its owner and to operators, and not a byte of it to anybody else", async () => {
  const owner = await keyHolder(database);
  const jobId = await runningJob(owner.ownerId);
  const before = await ask(jobId, bearer(owner.key));
  expect([before.status, await before.text()]).toEqual([204, ""]);

  const jpeg = jpegOf(30_000);
  await preview(owner.ownerId, jobId, jpeg);
  const operator = await keyHolder(database);
  await database.sql`UPDATE owners SET role = 'operator' WHERE id = ${operator.ownerId}`;
  for (const { key } of [owner, operator]) {
    const mine = await ask(jobId, bearer(key));
    expect(Object.fromEntries(mine.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "private, no-store",
    });
    expect(Buffer.from(await mine.arrayBuffer()).equals(jpeg)).toBe(true);
  }
  const { cookie } = await guestOf(gateway.url);
  for (const headers of [bearer((await keyHolder(database)).key), { cookie }, {}]) {
    const refused = await ask(jobId, headers as Record<string, string>);
    expect(refused.status).toBe(404);
    expect(Buffer.from(await refused.arrayBuffer()).includes(jpeg.subarray(0, 16))).toBe(false);
  }
});

test("a preview of an attempt that is over is shown no more, neither to the next attempt nor after the end", async () => {
  const { ownerId, key } = await keyHolder(database);
  const jobId = await runningJob(ownerId);
  await preview(ownerId, jobId, jpegOf(1000));
  expect((await ask(jobId, bearer(key))).status).toBe(200);

  await settleJob(database, { jobId, attempt: 1, outcome: { type: "released" } });
  expect((await ask(jobId, bearer(key))).status).toBe(204);
  await claim(jobId);
  expect((await ask(jobId, bearer(key))).status).toBe(204);
  await publisher.setPreview(jobId, jpegOf(1000), { attempt: 2 });
  expect((await ask(jobId, bearer(key))).status).toBe(200);
  await settleJob(database, { jobId, attempt: 2, outcome: { type: "succeeded" } });
  expect((await ask(jobId, bearer(key))).status).toBe(204);
});

test("whoever comes late, or comes back, has the last picture within 300 ms of what connecting alone takes", async () => {
  const { ownerId, key } = await keyHolder(database);
  const jobId = await runningJob(ownerId);
  const jpeg = jpegOf(40_000);
  await preview(ownerId, jobId, jpegOf(40_000));
  await preview(ownerId, jobId, jpeg);

  const waits: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const begunAt = performance.now();
    (await openSocket(gateway.url, bearer(key))).close();
    await (await fetch(`${gateway.url}/api/health`)).arrayBuffer();
    const startedAt = performance.now();
    const socket = await openSocket(gateway.url, bearer(key));
    follow(socket);
    const snapshot = await socket.until<Message>(({ result }) => result?.data?.data.jobs !== undefined);
    const url = snapshot.result?.data?.data.jobs?.find((job) => job.jobId === jobId)?.previewUrl;
    const response = await fetch(`${gateway.url}${url}`, { headers: bearer(key) });
    expect(Buffer.from(await response.arrayBuffer()).equals(jpeg)).toBe(true);
    // Less what a socket and a request took alone just before, which is the pace of the machine.
    waits.push(performance.now() - startedAt - (startedAt - begunAt));
    socket.close();
  }
  // The best of three, for this machine may have other things to do.
  expect(Math.min(...waits)).toBeLessThan(300);
});

test("on a line of 64 kB/s previews are dropped, and no state event comes a second late", async () => {
  const { ownerId, key } = await keyHolder(database);
  const jobId = await runningJob(ownerId);
  const line = await createFaultProxy({ targetPort: gateway.port });
  // In slices of an Ethernet frame, so that connections take turns.
  await line.set({ bytesPerSecond: 64_000, sliceBytes: 1400 });
  const lineUrl = `http://127.0.0.1:${line.port}`;
  const socket = await openSocket(lineUrl, bearer(key));
  // Hears the same on no line at all: what the machine is late by is not the line's doing.
  const direct = await openSocket(gateway.url, bearer(key));
  const pictures: Buffer[] = [];
  const loader = createPreviewLoader<Buffer>({
    load: async (url) => Buffer.from(await (await fetch(`${lineUrl}${url}`, { headers: bearer(key) })).arrayBuffer()),
    show: (picture) => void pictures.push(picture),
  });
  const heard = { onLine: new Map<number, number>(), directly: new Map<number, number>() };
  const listen = ({ socket }: RawSocket, at: Map<number, number>): void => {
    socket.on("message", (data) => {
      const { result } = JSON.parse(String(data)) as Message;
      for (const event of result?.data?.data.events ?? []) {
        if (event.type === "output.created") at.set(event.version, performance.now());
        if (at === heard.onLine && (event.type as string) === "job.previewed")
          loader.want((event as unknown as { url: string }).url);
      }
    });
  };
  for (const [one, at] of [
    [socket, heard.onLine],
    [direct, heard.directly],
  ] as const) {
    listen(one, at);
    follow(one);
    await one.until<Message>(({ result }) => result?.data?.data.jobs !== undefined);
  }

  const frames = Array.from({ length: 8 }, () => jpegOf(60_000));
  for (const [ordinal, frame] of frames.entries()) {
    const output = { outputId: newId(), sha256: "", storageKey: "", kind: "image", mimeType: "image/png" } as const;
    const created = await createOutput(database, {
      jobId,
      attempt: 1,
      ordinal,
      output: { ...output, width: 1, height: 1, sizeBytes: 1, seed: null },
    });
    await publisher.publish(created ?? []);
    await preview(ownerId, jobId, frame, 3 + ordinal);
    await sleep(200);
  }
  await expect.poll(() => [heard.onLine.size, heard.directly.size]).toEqual([frames.length, frames.length]);
  const lateMs = [...heard.onLine].map(([version, at]) => at - (heard.directly.get(version) ?? 0));
  expect(Math.max(...lateMs)).toBeLessThan(1000);
  // 480 kB in 1.6 s do not pass a line of 64 kB/s.
  expect(pictures.length).toBeLessThan(5);
  const last = frames.at(-1) ?? Buffer.alloc(0);
  await expect.poll(() => pictures.at(-1)?.equals(last), { timeout: 5000 }).toBe(true);
  for (const one of [socket, direct]) one.close();
  await line.close();
});
