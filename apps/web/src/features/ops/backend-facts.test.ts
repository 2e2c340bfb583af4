import { expect, test } from "vitest";
import { deviceOf, filesOf, promptsText } from "./backend-facts.ts";

test("a device's memory is found in what the worker stored, and nothing is made up without it", () => {
  const device = { name: "cuda:0 NVIDIA", type: "cuda", vramTotalBytes: 24e9, vramFreeBytes: 6e9 };
  expect(deviceOf({ devices: [device] })).toEqual({ name: "cuda:0 NVIDIA", total: 24e9, free: 6e9 });
  expect(deviceOf({ devices: [{ name: "cpu" }] })).toEqual({ name: "cpu", total: null, free: null });
  expect([deviceOf(null), deviceOf({ devices: [] })]).toEqual([null, null]);
});

test("a model key is told by its files", () => {
  expect(filesOf("CheckpointLoaderSimple.ckpt_name=sdxl.safetensors\nLoraLoader.lora_name=a=b.safetensors")).toEqual([
    "sdxl.safetensors",
    "a=b.safetensors",
  ]);
});

test("ComfyUI's queue is told in words", () => {
  const told = [
    { running: 0, pending: 0 },
    { running: 1, pending: 0 },
    { running: 1, pending: 2 },
  ].map(promptsText);
  expect(told).toEqual(["idle", "1 running", "1 running, 2 waiting"]);
});
