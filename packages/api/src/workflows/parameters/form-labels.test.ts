import type { Graph } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { graphWith, labelsOf, node, sample } from "../check/test-graphs.ts";
import { suggestOutputs } from "./suggest-parameters.ts";

describe("a label is", () => {
  const flux = { clip_l: "lake", t5xxl: "a lake at dawn", guidance: 3.5, clip: ["model", 1] };

  test("the plain word and the reader, where an encoder takes a text for each", () => {
    const labels = labelsOf(graphWith({ positive: node("CLIPTextEncodeFlux", flux, "FLUX Text Encode") }));
    expect(labels.slice(0, 2)).toEqual(["Prompt (CLIP-L)", "Prompt (T5-XXL)"]);
    const titled = labelsOf(graphWith({ positive: node("CLIPTextEncodeFlux", flux, "The scene") }));
    expect(titled.slice(0, 2)).toEqual(["The scene (CLIP-L)", "The scene (T5-XXL)"]);
    const same = labelsOf(graphWith({ positive: node("CLIPTextEncodeFlux", { ...flux, clip_l: "a lake at dawn" }) }));
    expect(same.slice(0, 2)).toEqual(["Prompt", "Negative prompt"]);
  });

  test("in words, of a title with low lines, and without “Load” before it", () => {
    const graph = graphWith({
      first: node("LoadImage", { image: "a.png" }, "Load start_image"),
      use: node("Blend", { switch: ["flag", 0], image: ["first", 0], latent: ["latent", 0] }),
      flag: node("PrimitiveBoolean", { value: true }, "bypass_i2v"),
      sampler: sample({ latent_image: ["use", 0] }),
    });
    expect(labelsOf(graph)).toEqual(expect.arrayContaining(["Start image", "Bypass i2v"]));
  });

  test("the title alone, where the plain word is in it", () => {
    const size = (title: string, value: number) => node("INTConstant", { value }, title);
    const graph = graphWith({
      latent: node("EmptyLatentImage", { width: ["first", 0], height: 640, batch_size: 1 }),
      first: size("Width", 512),
      second: size("Width 2nd pass", 1024),
      bigger: node("LatentUpscale", { samples: ["sampler", 0], width: ["second", 0], height: 1024 }),
      save: node("SaveImage", { filename_prefix: "x", images: ["bigger", 0] }),
    });
    expect(labelsOf(graph)).toEqual(expect.arrayContaining(["Width", "Width 2nd pass"]));
  });

  test("what a value is for, where the node that holds it has no title", () => {
    const graph = graphWith({
      hold: node("PrimitiveFloat", { value: 0.5 }),
      grain: node("FilmGrain", { grain_size: ["hold", 0], images: ["sampler", 0] }),
      save: node("SaveImage", { filename_prefix: "x", images: ["grain", 0] }),
    });
    expect(labelsOf(graph)).toContain("Grain size");
  });

  test("no title of two prompts that only says which side it is", () => {
    const graph = graphWith({
      other: node("CLIPTextEncode", { text: "a boat", clip: ["model", 1] }, "CLIP Text Encode (Positive Prompt)"),
      both: node("ConditioningCombine", { conditioning_1: ["positive", 0], conditioning_2: ["other", 0] }),
      sampler: sample({ positive: ["both", 0] }),
    });
    expect(labelsOf(graph).slice(0, 2)).toEqual(["Prompt", "Prompt 2"]);
  });
});

describe("the outputs of a graph are", () => {
  const film = (save_output: boolean) => node("VHS_VideoCombine", { save_output, images: ["sampler", 0] });
  const outputsOf = (nodes: Graph): string[] => suggestOutputs(nodes, []);

  test("what it saves, not what it only shows on the way", () => {
    const shown = { shown: film(false), look: node("PreviewImage", { images: ["sampler", 0] }) };
    expect(outputsOf({ ...shown, film: film(true) })).toEqual(["film"]);
    expect(outputsOf({ ...shown, words: node("PreviewAny", { source: ["sampler", 0] }) })).toEqual(["shown", "look"]);
    expect(outputsOf({ words: node("PreviewAny", { source: ["sampler", 0] }) })).toEqual(["words"]);
    expect(outputsOf({})).toEqual([]);
  });
});
