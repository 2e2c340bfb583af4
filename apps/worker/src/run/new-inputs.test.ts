import { jobProvenance } from "@darkroom/db";
import { expect } from "vitest";
import { test } from "../testing/worker-test.ts";

test("an input that a class has gained since the workflow was stored is sent with the default of the class", async ({
  setup,
}) => {
  const workflow = {
    ...{ slug: "older", name: "Older", description: "", parameters: [], bindings: [], outputs: ["save"] },
    graph: {
      image: { class_type: "EmptyImage", inputs: { width: 8, height: 8 } },
      save: { class_type: "SaveImage", inputs: { images: ["image", 0], filename_prefix: "x" } },
    },
  };
  const { startWorker, submit, event, database } = await setup({ workflows: [workflow] });
  startWorker();
  const jobId = await submit({}, workflow);
  await event(jobId, "job.succeeded");
  const made = await jobProvenance(database, { jobId, ownerIds: null });
  expect(made?.graph?.image?.inputs).toEqual({ width: 8, height: 8, batch_size: 1, color: 0 });
});
