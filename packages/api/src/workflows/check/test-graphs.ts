import type { Graph, GraphNode, NodeInfo } from "@darkroom/contracts";
import { candidatesOf, suggestOutputs } from "../parameters/suggest-parameters.ts";
import { testBackend } from "./test-nodes.ts";

// Small graphs, and what a form asks of them. Only tests import it. Classes that no backend describes are told by their names.

type Inputs = GraphNode["inputs"];

export const node = (class_type: string, inputs: Inputs = {}, title?: string): GraphNode => ({
  class_type,
  inputs,
  ...(title === undefined ? {} : { _meta: { title } }),
});
export const encode = (text: unknown): GraphNode => node("CLIPTextEncode", { text, clip: ["model", 1] });
export const sample = (more: Inputs = {}): GraphNode =>
  node("KSampler", {
    ...{ seed: 7, steps: 20, cfg: 6, sampler_name: "euler", scheduler: "simple", denoise: 1, model: ["model", 0] },
    ...{ positive: ["positive", 0], negative: ["negative", 0], latent_image: ["latent", 0], ...more },
  });

/** A plain graph with these nodes put in or in the place of its own. */
export function graphWith(nodes: Graph = {}): Graph {
  return {
    model: node("CheckpointLoaderSimple", { ckpt_name: "a.safetensors" }),
    positive: encode("a lake"),
    negative: encode("fog"),
    latent: node("EmptyLatentImage", { width: 512, height: 640, batch_size: 1 }),
    sampler: sample(),
    save: node("SaveImage", { filename_prefix: "x", images: ["sampler", 0] }),
    ...nodes,
  };
}

export function suggestedOf(graph: Graph, info?: NodeInfo) {
  const backends = info === undefined ? [] : [testBackend("b1", { info })];
  const outputs = suggestOutputs(graph, backends);
  return candidatesOf({ graph, outputs, parameters: [], bindings: [] }, backends).filter(({ suggested }) => suggested);
}

/** Name → the inputs it sets. */
export const placesOf = (graph: Graph, info?: NodeInfo): Record<string, string> =>
  Object.fromEntries(
    suggestedOf(graph, info).map(({ parameter, bindings }) => [
      parameter.name,
      bindings.map((binding) => `${binding.node}.${binding.input}`).join(" "),
    ]),
  );
export const labelsOf = (graph: Graph): string[] => suggestedOf(graph).map(({ parameter }) => parameter.label);
