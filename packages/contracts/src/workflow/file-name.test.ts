import { expect, test } from "vitest";
import { asServerWrites, capabilityOf, lacking } from "./capability.ts";
import { choiceFor } from "./file-name.ts";
import type { WorkflowDefinition } from "./workflow.ts";

const graphOf = (ckpt_name: string, lora_name = "grain.safetensors") => ({
  "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name } },
  "2": { class_type: "LoraLoader", inputs: { lora_name, strength_model: 1, model: ["1", 0] } },
});
const windows = {
  CheckpointLoaderSimple: { ckpt_name: ["SDXL\\base.safetensors"] },
  LoraLoader: { lora_name: ["grain.safetensors", "style\\old\\ink.safetensors"], strength_model: null, model: null },
};
const linux = {
  CheckpointLoaderSimple: { ckpt_name: ["SDXL/base.safetensors"] },
  LoraLoader: { lora_name: ["grain.safetensors", "style/old/ink.safetensors"], strength_model: null, model: null },
};
const definitionOf = (ckpt_name: string): WorkflowDefinition => ({
  ...{ slug: "s", name: "S", description: "", outputs: ["2"] },
  graph: graphOf(ckpt_name),
  parameters: [{ kind: "model", name: "model", label: "Model", required: false, folder: "checkpoints" }],
  bindings: [{ parameter: "model", node: "1", input: "ckpt_name" }],
});

test.each(["SDXL\\base.safetensors", "SDXL/base.safetensors"])(
  "a server has the model %s whatever its separator, and jobs for it share one capability",
  (file) => {
    for (const needs of [
      capabilityOf(definitionOf(file), {}),
      capabilityOf(definitionOf("other.ckpt"), { model: file }),
    ]) {
      expect(needs.models).toContain("CheckpointLoaderSimple.ckpt_name=SDXL/base.safetensors");
      expect([lacking(windows, needs), lacking(linux, needs)]).toEqual([[], []]);
    }
    // As older programs stored it.
    const stored = { nodes: [], models: [`CheckpointLoaderSimple.ckpt_name=${file}`] };
    expect([lacking(windows, stored), lacking(linux, stored)]).toEqual([[], []]);
  },
);

test("every chosen file is sent as the server writes it, and nothing else is touched", () => {
  const graph = graphOf("SDXL/base.safetensors", "style/old\\ink.safetensors");
  expect(asServerWrites(graph, windows)).toEqual(graphOf("SDXL\\base.safetensors", "style\\old\\ink.safetensors"));
  expect(asServerWrites(graph, linux)).toEqual(graphOf("SDXL/base.safetensors", "style/old/ink.safetensors"));
  const unknown = graphOf("SDXL\\none.safetensors");
  expect(asServerWrites(unknown, linux)).toEqual(unknown);
  const text = { "1": { class_type: "CLIPTextEncode", inputs: { text: "SDXL\\base.safetensors" } } };
  expect(asServerWrites(text, { CLIPTextEncode: { text: null } })).toEqual(text);
});

test("a choice that is there exactly wins", () => {
  expect(choiceFor("a\\b", ["a/b", "a\\b"])).toBe("a\\b");
  expect(choiceFor("a", ["b"])).toBeUndefined();
});
