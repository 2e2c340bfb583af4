import type { Graph, NodeFacts, NodeInfo } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { encode, graphWith, node, placesOf, sample } from "../check/test-graphs.ts";

// Which texts of a graph are its prompts, whatever the nodes between them and the sampler are called.

const facts = (outputs: readonly string[]): NodeFacts => ({
  ...{ title: "", module: "custom_nodes.pack", outputNode: false, outputs, inputs: {} },
});
const sides = (graph: Graph, info?: NodeInfo): (string | undefined)[] => {
  const { prompt, prompt2, negativePrompt } = placesOf(graph, info);
  return [prompt, prompt2, negativePrompt].filter((place) => place !== undefined);
};

describe("the prompts of a graph are found", () => {
  test("at a sampler of a pack that calls its sides by names of its own", () => {
    const inputs = { conditioning: ["positive", 0], neg_conditioning: ["guided", 0], latent_image: ["latent", 0] };
    const graph = graphWith({
      guided: node("FluxGuidance", { guidance: 4, conditioning: ["negative", 0] }),
      sampler: node("XlabsSampler", { noise_seed: 1, steps: 20, model: ["model", 0], ...inputs }),
    });
    const info = { CLIPTextEncode: facts(["CONDITIONING"]), FluxGuidance: facts(["CONDITIONING"]) };
    expect(sides(graph, info)).toEqual(["positive.text", "negative.text"]);
  });

  test("at a guider of a pack that takes conditioning by any name", () => {
    const graph = graphWith({
      guider: node("FlowEditGuider", { source_cond: ["positive", 0], target_cond: ["negative", 0] }),
      sampler: node("SamplerCustomAdvanced", { guider: ["guider", 0] }),
    });
    expect(sides(graph)).toEqual(["positive.text", "negative.text"]);
    expect(placesOf(graph).negativePrompt).toBeUndefined();
  });

  test("behind a node of a pack that gives both back behind a model, also where they are combined after it", () => {
    const passed = { positive: ["positive", 0], negative: ["negative", 0], model: ["model", 0] };
    const graph = graphWith({
      face: node("ApplyInstantID", passed),
      both: node("ConditioningCombine", { conditioning_1: ["face", 1], conditioning_2: ["face", 1] }),
      neither: node("ConditioningCombine", { conditioning_1: ["face", 2], conditioning_2: ["face", 2] }),
      sampler: sample({ positive: ["both", 0], negative: ["neither", 0] }),
    });
    expect(sides(graph)).toEqual(["positive.text", "negative.text"]);
    expect(sides(graph, { ApplyInstantID: facts(["MODEL", "CONDITIONING", "CONDITIONING"]) })).toEqual([
      "positive.text",
      "negative.text",
    ]);
  });

  test("behind a node that calls them cond and uncond", () => {
    const graph = graphWith({
      layer: node("LayeredDiffusionCondApply", { cond: ["positive", 0], uncond: ["negative", 0], model: ["model", 0] }),
      sampler: sample({ positive: ["layer", 1], negative: ["layer", 2] }),
    });
    expect(sides(graph)).toEqual(["positive.text", "negative.text"]);
  });

  test("behind a node that passes on whatever it is given", () => {
    const graph = graphWith({
      wait: node("ExecutionOrder", { signal: ["positive", 0], other: ["model", 0] }),
      sampler: sample({ positive: ["wait", 0] }),
    });
    expect(sides(graph)).toEqual(["positive.text", "negative.text"]);
  });

  test("of a guider for two, whose second is the negative one with a picture to it", () => {
    const guider = {
      cond1: ["one", 0],
      cond2: ["one", 1],
      negative: ["negative", 0],
      cfg_conds: 5,
      model: ["model", 0],
    };
    const graph = graphWith({
      one: node("InstructPixToPixConditioning", { positive: ["positive", 0], negative: ["negative", 0] }),
      guider: node("DualCFGGuider", guider),
      sampler: node("SamplerCustomAdvanced", { guider: ["guider", 0] }),
    });
    expect(sides(graph)).toEqual(["positive.text", "negative.text"]);
    const other = graphWith({
      second: encode("a boat"),
      guider: node("DualCFGGuider", { ...guider, cond1: ["positive", 0], cond2: ["second", 0] }),
      sampler: node("SamplerCustomAdvanced", { guider: ["guider", 0] }),
    });
    expect(sides(other)).toEqual(["positive.text", "second.text", "negative.text"]);
  });

  test("without a negative one that only a node beside the sampler takes, which has a guidance of 1", () => {
    const graph = graphWith({
      pair: node("LTXVConditioning", { positive: ["positive", 0], negative: ["negative", 0] }),
      guider: node("CFGGuider", { cfg: 1, positive: ["pair", 0], negative: ["pair", 1], model: ["model", 0] }),
      sampler: node("SamplerCustomAdvanced", { guider: ["guider", 0], latent_image: ["latent", 0] }),
      cut: node("LTXVCropGuides", { positive: ["pair", 0], negative: ["pair", 1], latent: ["sampler", 0] }),
      save: node("SaveImage", { filename_prefix: "x", images: ["cut", 2] }),
    });
    const pair = ["CONDITIONING", "CONDITIONING"];
    const info = { LTXVConditioning: facts(pair), LTXVCropGuides: facts([...pair, "LATENT"]) };
    expect(sides(graph, info)).toEqual(["positive.text"]);
  });
});
