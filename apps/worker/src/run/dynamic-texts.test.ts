import type { Graph, WorkflowDefinition } from "@darkroom/contracts";
import { expect } from "vitest";
import { test } from "../testing/worker-test.ts";
import { outOfMemory } from "../testing/workflows.ts";

const model = { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "darkroom-simulator-xl.safetensors" } };
const letters = `{${[..."abcdefghijklmnopqrstuvwxyz"].join("|")}}`;
const text = (words: string, isNoted = true) => ({
  class_type: "CLIPTextEncode",
  inputs: { text: words, clip: ["model", 1] },
  _meta: isNoted ? { dynamicPrompts: ["text"] } : {},
});

/** Runs out of memory, so that each job is tried twice; beside it are texts of every kind. */
const texts: WorkflowDefinition = {
  ...outOfMemory,
  slug: "texts",
  graph: {
    ...outOfMemory.graph,
    ...{ model, asked: text("?"), plain: text("?"), fixed: text(`${letters} // fixed`), unnoted: text(letters, false) },
  },
  parameters: [
    { kind: "text", name: "prompt", label: "Prompt", required: true },
    { kind: "text", name: "plain", label: "As written", required: true, dynamicPrompts: false },
  ],
  bindings: [
    { parameter: "prompt", node: "asked", input: "text" },
    { parameter: "plain", node: "plain", input: "text" },
  ],
};

test("choices of a text are drawn once for a job and stay at its retry, where its class and the parameter want it", async ({
  setup,
}) => {
  const { startWorker, submit, event, comfy } = await setup({ workflows: [texts] });
  startWorker();
  const jobId = await submit({ prompt: `a ${letters}`, plain: letters }, texts);
  expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "OUT_OF_MEMORY" } });
  const posts = comfy.requests.filter(({ method, path }) => method === "POST" && path === "/prompt");
  const [first, second] = posts.map(({ body }) => {
    const { prompt } = JSON.parse(body) as { prompt: Graph };
    return ["asked", "plain", "fixed", "unnoted"].map((node) => prompt[node]?.inputs.text);
  });
  expect(second).toEqual(first);
  const [asked, plain, fixed, unnoted] = first ?? [];
  expect(asked).toMatch(/^a [a-z]$/);
  expect(fixed).toMatch(/^[a-z] $/);
  expect([plain, unnoted]).toEqual([letters, letters]);
});
