import { jobProvenance } from "@darkroom/db";
import { createSimulator } from "@darkroom/simulator";
import { expect } from "vitest";
import { test } from "../testing/worker-test.ts";
import { picture } from "../testing/workflows.ts";

const styles = { windows: "SDXL\\base.safetensors", linux: "SDXL/base.safetensors" } as const;

test.for([
  ["windows", "linux"],
  ["windows", "windows"],
  ["linux", "windows"],
  ["linux", "linux"],
] as const)(
  "a graph from a %s server runs on a %s server, with the model as that one writes it",
  async ([from, on], { setup, onTestFinished }) => {
    const workflow = {
      ...picture,
      graph: { ...picture.graph, model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: styles[from] } } },
    };
    const { startWorker, submit, event, database } = await setup({ workflows: [workflow] });
    const server = await createSimulator({ stepMs: 5, loadMs: 5, models: { checkpoints: [styles[on]] } });
    onTestFinished(() => server.close());
    startWorker({}, [server.url]);
    const jobId = await submit({}, workflow);
    await event(jobId, "job.succeeded");
    const made = await jobProvenance(database, { jobId, ownerIds: null });
    expect(made?.graph?.model?.inputs.ckpt_name).toBe(styles[on]);
  },
);
