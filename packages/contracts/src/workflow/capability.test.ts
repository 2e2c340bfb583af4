import { expect, test } from "vitest";
import { capabilityOf, lacking } from "./capability.ts";
import type { WorkflowDefinition } from "./workflow.ts";

const definition: WorkflowDefinition = {
  ...{ slug: "s", name: "S", description: "", outputs: ["3"] },
  graph: {
    "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "exported.safetensors" } },
    "2": { class_type: "LoraLoader", inputs: { lora_name: "grain.safetensors", model: ["1", 0] } },
    "3": { class_type: "SaveImage", inputs: { filename_prefix: "darkroom", images: ["2", 0] } },
  },
  parameters: [{ kind: "model", name: "model", label: "Model", required: false, folder: "checkpoints" }],
  bindings: [{ parameter: "model", node: "1", input: "ckpt_name" }],
};

test("a job needs the models it asks for and those its graph names, but not the one it replaces", () => {
  expect(capabilityOf(definition, { model: "dream" })).toEqual({
    nodes: ["CheckpointLoaderSimple", "LoraLoader", "SaveImage"],
    models: ["CheckpointLoaderSimple.ckpt_name=dream", "LoraLoader.lora_name=grain.safetensors"],
  });
  expect(capabilityOf(definition, {}).models).toContain("CheckpointLoaderSimple.ckpt_name=exported.safetensors");
});

test("a backend lacks a fixed model like any other, with what comes close", () => {
  const catalog = {
    CheckpointLoaderSimple: { ckpt_name: ["dream"] },
    LoraLoader: { lora_name: ["grain_v2.safetensors", "other.safetensors"] },
    SaveImage: { filename_prefix: null },
  };
  expect(lacking(catalog, capabilityOf(definition, { model: "dream" }))).toEqual([
    {
      kind: "model",
      name: "grain.safetensors",
      input: "lora_name",
      closest: ["grain_v2.safetensors", "other.safetensors"],
    },
  ]);
});

test("the model of a loader that feeds nobody is not needed, and that of what is only shown is", () => {
  const graph = {
    ...definition.graph,
    "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "tried-once.safetensors" } },
    "5": { class_type: "LoraLoader", inputs: { lora_name: "tried-too.safetensors", model: ["4", 0] } },
    "6": { class_type: "VAELoader", inputs: { vae_name: "shown.safetensors" } },
    "7": { class_type: "PreviewImage", inputs: { images: ["6", 0] } },
  };
  const { nodes, models } = capabilityOf({ ...definition, graph }, { model: "dream" });
  expect(models).toEqual([
    ...["CheckpointLoaderSimple.ckpt_name=dream", "LoraLoader.lora_name=grain.safetensors"],
    "VAELoader.vae_name=shown.safetensors",
  ]);
  // ComfyUI refuses an unknown class even where nothing depends on it.
  expect(nodes).toContain("VAELoader");
});

test("a LoRA that a form puts into an object is needed like any other; one that the graph keeps there is left to its node", () => {
  const lora = { on: true, lora: "grain.safetensors", strength: 0.8 };
  const power = { class_type: "Power Lora Loader (rgthree)", inputs: { lora_1: lora, lora_2: lora } };
  const loads: WorkflowDefinition = {
    ...definition,
    graph: { ...definition.graph, "2": { ...power, inputs: { ...power.inputs, model: ["1", 0] } } },
    parameters: [{ kind: "model", name: "lora", label: "LoRA", required: false, folder: "loras" }],
    bindings: [{ parameter: "lora", node: "2", input: "lora_1.lora" }],
  };
  expect(capabilityOf(loads, { lora: "film\\old.safetensors" }).models).toEqual([
    "CheckpointLoaderSimple.ckpt_name=exported.safetensors",
    "LoraLoader.lora_name=film/old.safetensors",
  ]);
});
