import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  backendModels,
  describedBackends,
  jobProvenance,
  listBackends,
  outputFile,
  requestCancel,
  setBackendDraining,
  setPaused,
} from "@darkroom/db";
import { fillDisk } from "@darkroom/storage/testing";
import { describe, expect } from "vitest";
import { pixelHash, textsOf } from "./testing/png.ts";
import { test } from "./testing/worker-test.ts";
import { doubled, media, outOfMemory, revoiced } from "./testing/workflows.ts";

// Most of their time is waited for, so they run beside each other.
describe.concurrent("a job", () => {
  test("succeeds with its picture stored under the hash of its content", async ({ setup }) => {
    const { startWorker, submit, event, view, database, storage, comfy } = await setup();
    startWorker();
    const jobId = await submit({ steps: 4 });
    await event(jobId, "job.succeeded");

    const { state, outputs, attempts } = await view(jobId);
    expect({ state, attempts, outputs: outputs.length }).toEqual({ state: "succeeded", attempts: 1, outputs: 1 });
    const outputId = outputs[0]?.outputId ?? "";
    const file = await outputFile(database, { outputId, ownerIds: null });
    const opened = await storage.open(file?.storageKey ?? "");
    if (opened === null) throw new Error("the file is not there");
    const bytes = await buffer(opened.stream);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(file?.sha256);
    expect(outputs[0]).toMatchObject({ kind: "image", mimeType: "image/png", width: 64, height: 64 });
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("enters each stage once and in order, with a percent that never falls and versions without a gap", async ({
    setup,
  }) => {
    const { startWorker, submit, event, durable, transient } = await setup({ stepMs: 120 });
    startWorker();
    const jobId = await submit({ steps: 8 });
    await event(jobId, "job.succeeded");

    const events = durable.map((owned) => owned.event);
    const stages = events.flatMap((one) => (one.type === "job.staged" ? [one.stage] : []));
    expect(stages).toEqual(["loading", "sampling", "saving"]);
    expect(events.flatMap((one) => ("version" in one ? [one.version] : []))).toEqual(
      events.map((_, index) => index + 1),
    );
    const progressed = transient.filter((one) => one.type === "job.progressed");
    const percents = progressed.map(({ progress }) => progress);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(progressed.map(({ message }) => message)).toContain("Step 4/8");
    expect(progressed.length).toBeGreaterThan(4);
  });

  test("keeps how it was made: the graph as sent, the server's version, and what each node took", async ({ setup }) => {
    const { startWorker, submit, event, comfy, database, simulator } = await setup({ stepMs: 40 });
    simulator().control.setPace({ loadMs: 600 });
    // So that nothing but the run's own frames tells of its end.
    startWorker({ quietMs: 5000 });
    const provenanceOf = async (jobId: string) => {
      await event(jobId, "job.succeeded");
      const made = await jobProvenance(database, { jobId, ownerIds: null });
      if (made?.run == null) throw new Error("its run is not on record");
      return { ...made, run: made.run };
    };
    const cold = await provenanceOf(await submit({ steps: 10, prompt: "a pier" }));
    const sent = comfy.requests.find(({ path }) => path === "/prompt")?.body ?? "";
    expect(cold.graph).toEqual(JSON.parse(sent).prompt);
    expect(cold).toMatchObject({
      comfyVersion: "0.33.0",
      workflow: { slug: "picture", version: 1, currentVersion: 1 },
    });
    expect(cold.run).toMatchObject({ isCold: true, isWhole: true, cached: [] });
    const took = new Map(cold.run.nodes.map(({ node, ms }) => [node, ms]));
    expect([...took.keys()].sort()).toEqual(Object.keys(cold.graph ?? {}).sort());
    // ComfyUI's own clock tells the whole. Its parts are told by when frames arrived, which a busy machine shifts: how they
    // add up is tested with given times, in `progress/run-recorder.test.ts`.
    expect(cold.run.totalMs).toBeGreaterThan(990);
    expect(took.get("sampler")).toBeGreaterThan(0);
    expect(cold.run.modelLoadMs).toBeGreaterThan(0);
    expect(cold.run.samplingMs).toBeGreaterThan(0);

    const warm = await provenanceOf(await submit({ steps: 10, prompt: "another pier" }));
    expect(warm.run).toMatchObject({ isCold: false, isWhole: true });
    expect([...warm.run.cached].sort()).toEqual(["latent", "model", "negative"]);
  });

  test("that failed keeps what it sent and what it took until then", async ({ setup }) => {
    const { startWorker, submit, event, database } = await setup();
    startWorker();
    const jobId = await submit({}, outOfMemory);
    await event(jobId, "job.failed");
    const made = await jobProvenance(database, { jobId, ownerIds: null });
    expect(made).toMatchObject({ attempt: 2, graph: { raise: { class_type: "ProbeRaise" } } });
    expect(made?.run?.nodes.map(({ node }) => node)).toContain("raise");
  });

  test("asked for twice is the same graph and, when nothing is cached, the same picture to the last pixel", async ({
    setup,
  }) => {
    const { startWorker, submit, event, database, view, storage, simulator, comfyUrl } = await setup();
    startWorker();
    const made = async () => {
      const jobId = await submit({ prompt: "a lighthouse", steps: 4 });
      await event(jobId, "job.succeeded");
      const provenance = await jobProvenance(database, { jobId, ownerIds: null });
      const [output] = (await view(jobId)).outputs;
      const file = await outputFile(database, { outputId: output?.outputId ?? "", ownerIds: null });
      const graph = JSON.stringify(provenance?.graph).replaceAll(jobId, "");
      const picture = (await storage.withFile(file?.storageKey ?? "", (path) => readFile(path))) ?? Buffer.of();
      // What it was made of stands in the file, for its owner.
      expect(textsOf(picture)).toEqual({ prompt: provenance?.graph, darkroom: { jobId, workflow: "picture" } });
      return { graph, pixels: pixelHash(picture), run: provenance?.run };
    };
    const first = await made();
    await fetch(`${comfyUrl}/free`, {
      method: "POST",
      body: JSON.stringify({ unload_models: true, free_memory: true }),
    });
    const second = await made();
    expect(simulator().control.ledger()).toHaveLength(2);
    expect(second.run?.cached).toEqual([]);
    expect({ graph: second.graph, pixels: second.pixels }).toEqual({ graph: first.graph, pixels: first.pixels });
  });

  test("is on record with its prompt before ComfyUI is sent it", async ({ setup }) => {
    const { startWorker, submit, event, comfy, database } = await setup();
    const jobId = await submit();
    await database.sql.begin(async (tx) => {
      await tx`LOCK TABLE dispatches IN EXCLUSIVE MODE`;
      startWorker();
      for (let waits = false; !waits; ) {
        const [row] = await tx<{ waits: boolean }[]>`
          SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'dispatches'::regclass) AS waits,
            pg_sleep(0.02)`;
        waits = row?.waits === true;
      }
      expect(comfy.promptIds()).toEqual([]);
    });
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("shows a preview of at most 64 KB at the URL it names", async ({ setup }) => {
    const { startWorker, submit, event, transient, publisher } = await setup({ stepMs: 100 });
    startWorker();
    const jobId = await submit({ steps: 6 });
    await event(jobId, "job.succeeded");
    const previewed = transient.filter((one) => one.type === "job.previewed");
    for (const { url, attempt } of previewed) {
      expect(attempt).toBe(1);
      expect(url).toMatch(new RegExp(`^/api/jobs/${jobId}/preview\\?at=\\d+$`));
    }
    // A page asks for a URL once, so a second picture under the first one's URL would never be seen.
    expect(new Set(previewed.map(({ url }) => url)).size).toBe(previewed.length);
    expect(previewed.length).toBeGreaterThan(1);
    const jpeg = await publisher.getPreview(jobId, { attempt: 1 });
    expect(jpeg?.subarray(0, 2).toString("hex")).toBe("ffd8");
    expect(jpeg?.length).toBeLessThanOrEqual(64 * 1024);
  });

  test("that ComfyUI refuses fails with the parameter to blame and ComfyUI's own message", async ({ setup }) => {
    const { startWorker, submit, event } = await setup();
    startWorker();
    const { failure } = await event(await submit({ steps: 999_999 }), "job.failed");
    expect(failure).toMatchObject({ code: "PROMPT_REJECTED", field: "steps", nodeTitle: "Sampler", retryable: false });
    expect(failure.message).toMatch(/^ComfyUI refused Steps: .*bigger than max/i);
  });

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

  test("that runs out of memory is tried once more, after ComfyUI gave back what it held", async ({ setup }) => {
    const { startWorker, submit, event, comfy } = await setup();
    startWorker();
    const jobId = await submit({}, outOfMemory);
    expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "OUT_OF_MEMORY" } });
    const asked = comfy.requests.flatMap(({ path }) => (path === "/prompt" || path === "/free" ? [path] : []));
    expect(asked).toEqual(["/prompt", "/free", "/prompt"]);
  });

  test("that runs longer than its limit is stopped on ComfyUI and fails", async ({ setup }) => {
    const { startWorker, submit, event, comfy } = await setup({ stepMs: 100 });
    startWorker({ jobTimeoutSeconds: 1 });
    const { failure } = await event(await submit({ steps: 200 }), "job.failed");
    expect(failure).toMatchObject({ code: "TIMEOUT", retryable: true });
    expect(comfy.interrupts()).toContain(comfy.promptIds()[0]);
  });

  test("runs on a backend that is known by its version, memory, queue, nodes and models", async ({ setup, expect }) => {
    const { startWorker, submit, event, step, database } = await setup({ stepMs: 60 });
    startWorker();
    const jobId = await submit({ steps: 40 });
    await step(jobId, 1);
    const known = async () => (await listBackends(database))[0];
    await expect.poll(known).toMatchObject({ prompts: { running: 1 } });
    const { version, stats, nodeCount, modelCount, jobIds } = (await known()) ?? {};
    expect({ version, stats, jobIds }).toMatchObject({
      version: "0.33.0",
      stats: { devices: [{ name: "Darkroom simulator" }] },
      jobIds: [jobId],
    });
    expect(nodeCount).toBeGreaterThan(10);
    const [models] = [...(await backendModels(database)).values()];
    expect(models).toMatchObject({ upscale_models: expect.arrayContaining(["simulator-2x.pth"]) });
    expect(modelCount).toBe(Object.values(models ?? {}).flat().length);
    const [described] = await describedBackends(database);
    expect(described?.info?.KSampler).toMatchObject({ module: "nodes", outputs: ["LATENT"] });
    expect(described?.info?.KSampler?.inputs.steps).toMatchObject({ type: "INT", min: 1, max: 10_000, default: 20 });
    await event(jobId, "job.succeeded");
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

  test("waits while the queue is paused, and while its only backend is drained", async ({ setup, expect }) => {
    const { startWorker, submit, event, view, database, publisher } = await setup();
    await setPaused(database, true);
    startWorker();
    await expect.poll(async () => (await listBackends(database))[0]?.state).toBe("up");
    const jobId = await submit();
    await expect.poll(async () => (await view(jobId)).state).toBe("queued");
    await setPaused(database, false);
    await publisher.wake();
    await event(jobId, "job.succeeded");

    const backendId = (await listBackends(database))[0]?.backendId ?? "";
    await setBackendDraining(database, { backendId, draining: true });
    await expect.poll(async () => (await listBackends(database))[0]?.slots.held).toBe(0);
    const second = await submit();
    expect((await view(second)).state).toBe("queued");
    await setBackendDraining(database, { backendId, draining: false });
    await event(second, "job.succeeded");
  });
});

// Alone, as every file of this process is on that disk.
describe("a full disk", () => {
  test("found in the middle of a picture: its job waits with nothing half written, and is finished from the same prompt", async ({
    setup,
    onTestFinished,
  }) => {
    const full = Promise.withResolvers<void>();
    const { startWorker, submit, event, view, comfy, storageFolder } = await setup({
      logTo: ({ msg }) => String(msg).startsWith("the disk is full") && full.resolve(),
    });
    const disk = await fillDisk(20);
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

describe.concurrent("a batch", () => {
  test("of four in 15 steps ends in order, each with its own progress, one picture and one end", async ({ setup }) => {
    const { startWorker, submitBatch, seen, durable, transient, view } = await setup({ stepMs: 60 });
    startWorker();
    const jobIds = await submitBatch([1, 2, 3, 4].map((n) => ({ prompt: `picture ${n}`, size: 256, steps: 15 })));
    const settled = await seen(() => durable.map(({ event }) => event).find(({ type }) => type === "batch.settled"));
    expect(settled).toMatchObject({ counts: { succeeded: 4, failed: 0, canceled: 0 } });
    const events = durable.map(({ event }) => event);
    const told = events.flatMap((event) =>
      "jobId" in event && ["output.created", "job.succeeded"].includes(event.type)
        ? [`${event.type} ${jobIds.indexOf(event.jobId)}`]
        : [],
    );
    // Each is claimed while the one before it runs.
    expect(told).toEqual([0, 1, 2, 3].flatMap((n) => [`output.created ${n}`, `job.succeeded ${n}`]));
    expect(events.at(-1)?.type).toBe("batch.settled");
    for (const jobId of jobIds) {
      for (const [type, leastMs] of [
        ["job.progressed", 100],
        ["job.previewed", 200],
      ] as const) {
        const at = transient.flatMap((event) =>
          event.type === type && event.jobId === jobId ? [Date.parse(event.at)] : [],
        );
        // One more than fits, for a clock may be late at either end.
        expect(at.length).toBeLessThanOrEqual(((at.at(-1) ?? 0) - (at[0] ?? 0)) / leastMs + 2);
      }
      const steps = transient.flatMap((event) =>
        event.type === "job.progressed" && event.jobId === jobId && event.step !== null
          ? [`${event.step}/${event.steps}`]
          : [],
      );
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(step).toMatch(/^([1-9]|1[0-5])\/15$/);
      expect((await view(jobId)).outputs).toMatchObject([{ width: 256, height: 256 }]);
    }
  });

  test("in one job brings each picture with an event of its own as it lands, and one end", async ({ setup }) => {
    const { startWorker, submit, event, durable, view } = await setup({ stepMs: 5 });
    startWorker();
    const jobId = await submit({ count: 4 });
    await event(jobId, "job.succeeded");
    const types = durable.map((owned) => owned.event.type).filter((type) => type !== "job.staged");
    expect(types).toEqual(["job.queued", "job.started", ...Array(4).fill("output.created"), "job.succeeded"]);
    expect((await view(jobId)).outputs).toHaveLength(4);
  });
});

describe.concurrent("a cancel", () => {
  test("of a waiting job ends it before it runs", async ({ setup }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 100 });
    // Else it may wait on ComfyUI by then, which is a case of its own: `slots/next-slot.test.ts`.
    startWorker({ preparesNext: false });
    const running = await submit({ steps: 10 });
    await step(running, 1);
    const waiting = await submit();
    await cancel(waiting);
    await event(waiting, "job.canceled");
    await event(running, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("of a running job interrupts its prompt by id and nobody else's", async ({ setup }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 100 });
    startWorker();
    const canceled = await submit({ steps: 500 });
    await step(canceled, 1);
    const next = await submit();
    await cancel(canceled);
    await event(canceled, "job.canceled");
    await event(next, "job.succeeded");
    const [first, second] = comfy.promptIds();
    expect(new Set(comfy.interrupts())).toEqual(new Set([first]));
    expect(second).toBeDefined();
  });

  test("reaches a worker whose Redis message was lost, with the next heartbeat", async ({ setup }) => {
    const { startWorker, submit, event, step, database, ownerId, publisher } = await setup({ stepMs: 100 });
    startWorker();
    const jobId = await submit({ steps: 500 });
    await step(jobId, 1);
    const answer = await requestCancel(database, { jobId, ownerIds: [ownerId] });
    await publisher.publish(answer?.events ?? []);
    await event(jobId, "job.canceled");
  });
});
