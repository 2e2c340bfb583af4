import type { Parameter } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { modelChoices } from "./model-choices.ts";

test("a LoRA that a node keeps in an object is one of those that ComfyUI's own loader lists", () => {
  const lora = { on: true, lora: "grain.safetensors", strength: 0.8 };
  const graph = { loras: { class_type: "Power Lora Loader (rgthree)", inputs: { lora_1: lora } } };
  const bindings = [{ parameter: "lora", node: "loras", input: "lora_1.lora" }];
  const parameter: Parameter = { kind: "model", name: "lora", label: "LoRA", required: false, folder: "loras" };
  const catalog = { LoraLoader: { lora_name: ["film\\old.safetensors", "grain.safetensors"] } };
  const catalogs = [{ backendId: "b1", catalogHash: "c1", version: "0.33.0", catalog }];
  expect(modelChoices({ graph, bindings }, parameter, catalogs)).toEqual(["film/old.safetensors", "grain.safetensors"]);
});
