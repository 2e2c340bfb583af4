import type { WorkflowDefinition } from "@darkroom/contracts";
import { image, model, negativePrompt, prompt, seed, steps, strength } from "./parameters.ts";
import { textToImage } from "./text-to-image.ts";

const { latent: _blank, ...shared } = textToImage.graph;

export const imageToImage: WorkflowDefinition = {
  slug: "image-to-image",
  name: "Image to image",
  description: "Start from a picture of yours and let the prompt change it.",
  graph: {
    ...shared,
    image: { class_type: "LoadImage", inputs: { image: "" }, _meta: { title: "Image" } },
    encode: {
      class_type: "VAEEncode",
      inputs: { pixels: ["image", 0], vae: ["model", 2] },
      _meta: { title: "Encode" },
    },
    sampler: {
      class_type: "KSampler",
      inputs: {
        seed: 0,
        steps: 20,
        cfg: 7,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 0.6,
        model: ["model", 0],
        positive: ["positive", 0],
        negative: ["negative", 0],
        latent_image: ["encode", 0],
      },
      _meta: { title: "Sampler" },
    },
  },
  parameters: [prompt, negativePrompt, image, strength, steps, seed, model],
  bindings: [
    ...textToImage.bindings.filter(({ node }) => node !== "latent"),
    { parameter: "image", node: "image", input: "image" },
    { parameter: "strength", node: "sampler", input: "denoise" },
  ],
  outputs: ["save"],
};
