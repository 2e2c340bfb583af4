import { randomUUID } from "node:crypto";
import { createUpload, ensureOwner, jobProvenance } from "@darkroom/db";
import { expect } from "vitest";
import { test } from "../testing/worker-test.ts";

test("a 3D model goes where ComfyUI's loader lists it, with blank pictures for those that a page would draw", async ({
  setup,
}) => {
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
  const bytes = Buffer.from("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");
  const file = await storage.put([bytes], { maxBytes: 1e6 });
  const [uploadId, ownerId] = [randomUUID(), randomUUID()];
  await ensureOwner(database, { ownerId, kind: "guest" });
  await createUpload(database, { ...file, uploadId, ownerId, mimeType: "model/obj", width: null, height: null });
  const jobId = await submit({ model3d: { uploadId } }, workflow);
  const { output } = await event(jobId, "output.created");
  expect(output).toMatchObject({ kind: "model", mimeType: "model/obj", sizeBytes: bytes.length });
  const made = await jobProvenance(database, { jobId, ownerIds: null });
  expect(made?.graph?.load?.inputs).toMatchObject({
    model_file: `3d/darkroom/${file.sha256}.obj`,
    image: { image: "darkroom/blank.png", mask: "darkroom/blank.png", recording: "" },
  });
});
