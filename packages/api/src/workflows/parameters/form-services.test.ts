import type { Graph, NodeInfo } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { labelsOf, node, placesOf } from "../check/test-graphs.ts";

// What a form asks for where a service on the network, or a speaker, does all of it in one node.

const save = (images: unknown): Graph => ({ save: node("SaveImage", { filename_prefix: "x", images }) });
const told = (class_type: string, outputs: readonly string[], combos: readonly string[] = []): NodeInfo => ({
  [class_type]: {
    ...{ title: "", module: "comfy_api_nodes.any", outputNode: false, outputs },
    inputs: Object.fromEntries(combos.map((name) => [name, { type: "COMBO", required: true, choices: ["a", "b"] }])),
  },
});

test("a form asks a service for what it makes, in its own two numbers only where no list has the size", () => {
  const given = { prompt: "a lake", model: "a", width: 1024, height: 768, num_images: 1, cfg_scale: 0.5, Seed: 3 };
  const asked = (more: object) => {
    const graph = { make: node("MakeImageNode", { ...given, ...more }), ...save(["make", 0]) };
    return placesOf(graph, told("MakeImageNode", ["IMAGE"], ["model", "aspect_ratio", "size_preset"]));
  };
  expect(asked({})).toEqual({
    ...{ prompt: "make.prompt", width: "make.width", height: "make.height", count: "make.num_images" },
    ...{ cfg: "make.cfg_scale", seed: "make.Seed", model: "make.model" },
  });
  const { width, size, aspectRatio } = asked({ size_preset: "a", aspect_ratio: "b" });
  expect([width, size, aspectRatio]).toEqual([undefined, "make.size_preset", "make.aspect_ratio"]);
  expect(asked({ size_preset: "Custom" }).width).toBe("make.width");
});

test("a form asks for the words that a node writes into a picture, where no model draws one", () => {
  const write = node("LayerUtility: TextImage", { text: "Sale", font_size: 20, image: ["one", 0] });
  const graph = { one: node("LoadImage", { image: "a.png" }), write, ...save(["write", 0]) };
  const info = told("LayerUtility: TextImage", ["IMAGE"]);
  expect(placesOf(graph, info)).toEqual({ text: "write.text", image: "one.image" });
  const speaks = {
    ...graph,
    make: node("MakeImageNode", { prompt: "a lake" }),
    more: node("SaveImage", { images: ["make", 0] }),
  };
  expect(placesOf(speaks, info).text).toBeUndefined();
});

test("a form asks for the words that are said, by which voice, in which language", () => {
  const speak = node("TextToSpeech", { text: "Hello", voice: "a", output_language: "b", stability: 0.5, seed: 3 });
  const graph: Graph = { speak, save: node("SaveAudio", { filename_prefix: "x", audio: ["speak", 0] }) };
  const places = { text: "speak.text", voice: "speak.voice", language: "speak.output_language", seed: "speak.seed" };
  expect(placesOf(graph)).toEqual(places);
  expect(placesOf(graph, told("TextToSpeech", ["AUDIO"], ["voice"]))).toEqual(places);
  expect(labelsOf(graph)).toEqual(["Text", "Voice", "Language", "Seed"]);
});
