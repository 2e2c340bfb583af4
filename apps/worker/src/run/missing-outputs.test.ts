import type { WorkflowDefinition } from "@darkroom/contracts";
import { expect } from "vitest";
import { test } from "../testing/worker-test.ts";

const flat = { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } };
const save = (from: string, title: string) => ({
  class_type: "SaveImage",
  inputs: { images: [from, 0], filename_prefix: "x" },
  _meta: { title },
});
const block = (message: string) => ({ class_type: "ProbeBlock", inputs: { image: ["image", 0], message } });

/** A switch with save nodes behind it, of which some get nothing. */
function switched(slug: string, outputs: string[]): WorkflowDefinition {
  return {
    slug,
    name: "Switched",
    description: "Save nodes of which some are blocked.",
    graph: {
      image: flat,
      said: block("no face in the picture"),
      silent: block(""),
      plain: save("image", "Save"),
      blocked: save("said", "Save the face"),
      off: save("silent", "Save if upscaled"),
    },
    parameters: [],
    bindings: [],
    outputs,
  };
}

test("a job whose output nodes were blocked in part succeeds with what was made, and says what was not and why", async ({
  setup,
}) => {
  const workflow = switched("in-part", ["plain", "blocked", "off"]);
  const { startWorker, submit, event, view, comfy } = await setup({ workflows: [workflow] });
  startWorker();
  const jobId = await submit({}, workflow);
  const missingOutputs = [
    { nodeId: "blocked", nodeTitle: "Save the face", message: "Execution Blocked: no face in the picture." },
    { nodeId: "off", nodeTitle: "Save if upscaled", message: expect.stringContaining("gave no reason") },
  ];
  expect(await event(jobId, "job.succeeded")).toMatchObject({ attempt: 1, missingOutputs });
  expect(await view(jobId)).toMatchObject({ outputs: [{ kind: "image" }], missingOutputs });
  expect(comfy.promptsOf(jobId)).toBe(1);
});

test("a job whose output nodes were all blocked fails, naming each, and is never rendered again", async ({ setup }) => {
  const workflow = switched("in-whole", ["blocked", "off"]);
  const { startWorker, submit, event, comfy } = await setup({ workflows: [workflow] });
  startWorker();
  const jobId = await submit({}, workflow);
  const { attempt, failure } = await event(jobId, "job.failed");
  expect(attempt).toBe(1);
  expect(failure).toMatchObject({ code: "OUTPUT_INVALID", retryable: false });
  expect(failure.message).toContain("no face in the picture");
  expect(failure.message).toContain("Save if upscaled");
  expect(comfy.promptsOf(jobId)).toBe(1);
});
