import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { outputFile } from "@darkroom/db";
import { fillDisk } from "@darkroom/storage/testing";
import { describe, expect } from "vitest";
import { test } from "./testing/worker-test.ts";
import { doubled, media, revoiced } from "./testing/workflows.ts";

// Most of their time is waited for, so they run beside each other.
describe.concurrent("a job", () => {
  test.for<[string, Buffer]>([
    ["empty", Buffer.alloc(0)],
    ["no picture at all", Buffer.from("<html>busy</html>")],
  ])("whose picture is %s is tried once more, then fails without an output", async ([_name, body], { setup }) => {
    const { startWorker, submit, event, comfy, view } = await setup();
    comfy.replaceBodyOf("/view", body);
    startWorker();
    const jobId = await submit();
    expect(await event(jobId, "job.retried")).toMatchObject({ failure: { code: "OUTPUT_INVALID" } });
    expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "OUTPUT_INVALID" } });
    expect((await view(jobId)).outputs).toEqual([]);
  });

  test("whose picture was damaged on the way succeeds at the next try, with one picture", async ({ setup }) => {
    const { startWorker, submit, event, comfy, view } = await setup();
    comfy.replaceBodyOf("/view", Buffer.alloc(0));
    startWorker();
    const jobId = await submit();
    await event(jobId, "job.retried");
    comfy.replaceBodyOf("/view", null);
    await event(jobId, "job.succeeded");
    expect((await view(jobId)).outputs).toHaveLength(1);
  });

  test("keeps outputs of every kind with what they are by content, and no previews beside them", async ({ setup }) => {
    const { startWorker, submit, event, view, database, storage } = await setup();
    startWorker();
    const jobId = await submit({}, media);
    await event(jobId, "job.succeeded");
    const { outputs } = await view(jobId);
    const size = { width: 32, height: 16, thumbnailUrl: expect.stringContaining("width=384") };
    const none = { width: null, height: null, thumbnailUrl: null };
    const film = { kind: "video", width: 32, height: 16, thumbnailUrl: null, durationSeconds: expect.any(Number) };
    const pictures = Array.from({ length: 6 }, () => ({ kind: "image", mimeType: "image/png", ...size }));
    expect(outputs).toMatchObject([
      ...pictures,
      { kind: "animation", mimeType: "image/webp", ...size },
      { kind: "animation", mimeType: "image/apng", ...size },
      { ...film, mimeType: "video/webm" },
      { ...film, mimeType: "video/mp4" },
      { kind: "audio", mimeType: "audio/flac", ...none },
      { kind: "audio", mimeType: "audio/mpeg", ...none },
      { kind: "audio", mimeType: "audio/ogg; codecs=opus", ...none },
      { kind: "text", mimeType: "text/plain; charset=utf-8", ...none },
      { kind: "text", mimeType: "text/plain; charset=utf-8", ...none },
    ]);
    const texts = outputs.slice(-2).map(async ({ outputId }) => {
      const file = await outputFile(database, { outputId, ownerIds: null });
      const opened = await storage.open(file?.storageKey ?? "");
      return opened && (await buffer(opened.stream)).toString();
    });
    expect(await Promise.all(texts)).toEqual(["forty-two", "line 1\nline 2"]);
  });

  test("gets the video and the sound it was given, under names that say what they are", async ({ setup, expect }) => {
    const { startWorker, submit, event, view, database } = await setup();
    startWorker();
    const first = await submit({}, media);
    await event(first, "job.succeeded");
    const { outputs } = await view(first);
    const [video, sound] = ["video/mp4", "audio/flac"].map((type) => outputs.find(({ mimeType }) => mimeType === type));
    const inputs = { video: { outputId: video?.outputId ?? "" }, sound: { outputId: sound?.outputId ?? "" } };
    const second = await submit(inputs, revoiced);
    await event(second, "job.succeeded");
    expect((await view(second)).outputs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["image", "audio"]));
    const [{ graph } = { graph: null }] = await database.sql`SELECT graph FROM attempts WHERE job_id = ${second}`;
    expect(graph).toMatchObject({
      film: { inputs: { file: expect.stringMatching(/^darkroom\/[0-9a-f]{64}\.mp4/) } },
      sound: { inputs: { audio: expect.stringMatching(/^darkroom\/[0-9a-f]{64}\.flac/) } },
    });
  });

  test("gets the picture it was given, and says which one to bring again if that is damaged", async ({ setup }) => {
    const { startWorker, submit, event, view, database, storageFolder } = await setup();
    startWorker();
    const first = await submit();
    const { output } = await event(first, "output.created");
    await event(first, "job.succeeded");
    const image = { outputId: output.outputId };
    const second = await submit({ image }, doubled);
    await event(second, "job.succeeded");
    expect((await view(second)).outputs).toMatchObject([{ kind: "image", width: 128, height: 128 }]);

    const file = await outputFile(database, { outputId: output.outputId, ownerIds: null });
    const path = join(storageFolder, file?.storageKey ?? "");
    await writeFile(path, (await readFile(path)).fill(0, 60));
    const { failure } = await event(await submit({ image }, doubled), "job.failed");
    expect(failure).toMatchObject({ code: "INPUT_MISSING", field: "image" });
  });

  test("waits while there is too little room for its outputs, which is said once and keeps nobody busy", async ({
    setup,
    expect,
  }) => {
    const lines: unknown[] = [];
    const logTo = ({ msg }: Record<string, unknown>) => lines.push(msg);
    const { startWorker, submit, event, view, storage, database } = await setup({ logTo });
    const freeBytes = storage.freeBytes;
    Object.assign(storage, { freeBytes: async () => 0 });
    startWorker({ minFreeBytes: 1, idleMs: 50 });
    const jobId = await submit();
    await expect
      .poll(() => lines)
      .toContain("too little free space for outputs; nothing is taken until outputs can be stored again");
    const slots = database.sql`SELECT count(*) AS taken FROM slots`;
    expect([await slots, (await view(jobId)).state]).toMatchObject([[{ taken: 0 }], "queued"]);
    Object.assign(storage, { freeBytes });
    await event(jobId, "job.succeeded");
    expect(lines.filter((line) => /too little/.test(String(line)))).toHaveLength(1);
  });
});

// Alone, as every file of this process is on that disk.
describe.each([
  ["full", "ENOSPC", "the disk is full"],
  ["over its quota", "EDQUOT", "the disk is full"],
  ["read-only since an error", "EROFS", "the storage does not answer"],
  ["broken", "EIO", "the storage does not answer"],
])("a disk that is %s", (_name, code, said) => {
  test("found so in the middle of a picture: its job waits with nothing half written, and is finished from the same prompt", async ({
    setup,
    onTestFinished,
  }) => {
    const full = Promise.withResolvers<void>();
    const { startWorker, submit, event, view, comfy, storageFolder } = await setup({
      logTo: ({ msg }) => String(msg).startsWith(said) && full.resolve(),
    });
    const disk = await fillDisk(20, code);
    onTestFinished(disk.empty);
    startWorker();
    const jobId = await submit();
    await full.promise;
    expect(await view(jobId)).toMatchObject({ state: "running", attempt: 1, outputs: [] });
    const files = await readdir(storageFolder, { recursive: true });
    expect(files.filter((name) => name !== "tmp")).toEqual([]);
    disk.empty();
    await event(jobId, "job.succeeded");
    expect(await view(jobId)).toMatchObject({ attempt: 1, outputs: [{}] });
    expect(comfy.promptIds()).toHaveLength(1);
  });
});
