import { randomUUID } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ComfyClient, UploadInput } from "@darkroom/comfyui";
import { createUpload, ensureOwner, jobProvenance } from "@darkroom/db";
import { expect } from "vitest";
import type { Attempt } from "../attempt/attempt.ts";
import { test } from "../testing/worker-test.ts";
import { doubled, picture } from "../testing/workflows.ts";
import { uploadInputs } from "./upload-inputs.ts";

const models = [
  ["obj", "model/obj", Buffer.from("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")],
  ["fbx", "model/x-fbx", Buffer.from("Kaydara FBX Binary  \0\x1a\0\xe8\x1c\0\0", "latin1")],
] as const;
test.for(models)(
  "a 3D model (%s) goes where ComfyUI's loader lists it, with blank pictures for those that a page would draw, and what is saved of it keeps its kind",
  async ([ending, mimeType, bytes], { setup }) => {
    const drawn = { image: "threed/of-another.png [temp]", mask: "threed/m.png [temp]", normal: "", recording: "" };
    const workflow = {
      ...{ slug: "model", name: "Model", description: "", outputs: ["save"] },
      graph: {
        load: { class_type: "Load3D", inputs: { model_file: "mine.glb", image: drawn, width: 64, height: 64 } },
        save: { class_type: "SaveGLB", inputs: { mesh: ["load", 6], filename_prefix: "x" } },
      },
      parameters: [{ kind: "3d" as const, name: "model3d", label: "3D model", required: true }],
      bindings: [{ parameter: "model3d", node: "load", input: "model_file" }],
    };
    const { startWorker, submit, event, database, storage } = await setup({ workflows: [workflow] });
    startWorker();
    const file = await storage.put([bytes], { maxBytes: 1e6 });
    const [uploadId, ownerId] = [randomUUID(), randomUUID()];
    await ensureOwner(database, { ownerId, kind: "guest" });
    await createUpload(database, { ...file, uploadId, ownerId, mimeType, width: null, height: null });
    const jobId = await submit({ model3d: { uploadId } }, workflow);
    const { output } = await event(jobId, "output.created");
    expect(output).toMatchObject({ kind: "model", mimeType, sizeBytes: bytes.length });
    const made = await jobProvenance(database, { jobId, ownerIds: null });
    expect(made?.graph?.load?.inputs).toMatchObject({
      model_file: `3d/darkroom/${file.sha256}.${ending}`,
      image: { image: "darkroom/blank.png", mask: "darkroom/blank.png", recording: "" },
    });
  },
);

test("a picture that a backend has is not written there again, for another job may be loading it", async ({
  setup,
}) => {
  const { startWorker, submit, event, comfyFolder } = await setup({ workflows: [picture, doubled] });
  startWorker();
  const { output } = await event(await submit(), "output.created");
  const load = async () => {
    const jobId = await submit({ image: { outputId: output.outputId } }, doubled);
    await event(jobId, "job.succeeded");
    const folder = join(comfyFolder, "input", "darkroom");
    const files = await readdir(folder);
    return Promise.all(files.map(async (name) => [name, (await stat(join(folder, name), { bigint: true })).mtimeNs]));
  };
  const [first, second] = [await load(), await load()];
  expect(first).toHaveLength(1);
  expect(second).toEqual(first);
});

test("a file that ComfyUI would cut off is not sent, and one that is under way ends with its job or its attempt", async ({
  setup,
}) => {
  const { database, storage } = await setup();
  const [uploadId, ownerId] = [randomUUID(), randomUUID()];
  const file = await storage.put([Buffer.alloc(1e6)], { maxBytes: 1e6 });
  await ensureOwner(database, { ownerId, kind: "guest" });
  const upload = { ...file, ownerId, mimeType: "video/mp4", width: null, height: null };
  const largeId = randomUUID();
  await createUpload(database, { ...upload, uploadId });
  await createUpload(database, { ...upload, uploadId: largeId, sizeBytes: 2 ** 30 });
  const stop = new AbortController();
  const attemptWith = (id: string) => ({
    signal: stop.signal,
    asked: null,
    job: { inputs: { video: { uploadId: id } } },
  });
  const [small, large] = [attemptWith(uploadId), attemptWith(largeId)] as unknown as [Attempt, Attempt];
  let atFirstByte = (): void => {
    Object.assign(small, { asked: "cancel" });
  };
  const client = {
    maxUploadBytes: async () => 100,
    async uploadImage({ data }: UploadInput) {
      atFirstByte();
      for await (const _ of Buffer.isBuffer(data) ? [] : data.stream);
    },
  } as unknown as ComfyClient;
  const parts = { client, database, storage };
  expect(await uploadInputs(large, parts)).toEqual({
    ...{ type: "input-too-large", parameter: "video", maxBytes: 100 },
  });
  expect(await uploadInputs(small, parts)).toEqual({ type: "uploaded", fileNames: {} });
  Object.assign(small, { asked: null });
  atFirstByte = () => stop.abort();
  await expect(uploadInputs(small, parts)).rejects.toMatchObject({ name: "AbortError" });
});
