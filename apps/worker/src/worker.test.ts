import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import {
  backendModels,
  describedBackends,
  jobProvenance,
  listBackends,
  outputFile,
  setBackendDraining,
  setPaused,
} from "@darkroom/db";
import { describe, expect } from "vitest";
import { pixelHash, textsOf } from "./testing/png.ts";
import { test } from "./testing/worker-test.ts";
import { outOfMemory } from "./testing/workflows.ts";

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
