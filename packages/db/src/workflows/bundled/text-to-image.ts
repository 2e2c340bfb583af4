import type { WorkflowDefinition } from "@darkroom/contracts";
import { count, height, model, negativePrompt, prompt, seed, steps, width } from "./parameters.ts";

export const textToImage: WorkflowDefinition = {
  slug: "text-to-image",
  name: "Text to image",
  description: "Describe a picture and watch it develop.",
  graph: {
    model: {
      class_type: "CheckpointLoaderSimple",
      inputs: { ckpt_name: "sd_xl_base_1.0.safetensors" },
      _meta: { title: "Load model" },
    },
    positive: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["model", 1] }, _meta: { title: "Prompt" } },
    negative: {
      class_type: "CLIPTextEncode",
      inputs: { text: "", clip: ["model", 1] },
      _meta: { title: "Negative prompt" },
    },
    latent: {
      class_type: "EmptyLatentImage",
      inputs: { width: 1024, height: 1024, batch_size: 1 },
      _meta: { title: "Blank frame" },
    },
    sampler: {
      class_type: "KSampler",
      inputs: {
        seed: 0,
        steps: 20,
        cfg: 7,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 1,
        model: ["model", 0],
        positive: ["positive", 0],
        negative: ["negative", 0],
        latent_image: ["latent", 0],
      },
      _meta: { title: "Sampler" },
    },
    decode: {
      class_type: "VAEDecode",
      inputs: { samples: ["sampler", 0], vae: ["model", 2] },
      _meta: { title: "Decode" },
    },
    save: {
      class_type: "SaveImage",
      inputs: { images: ["decode", 0], filename_prefix: "darkroom" },
      _meta: { title: "Save" },
    },
  },
  parameters: [prompt, negativePrompt, width, height, steps, seed, count, model],
  bindings: [
    { parameter: "prompt", node: "positive", input: "text" },
    { parameter: "negativePrompt", node: "negative", input: "text" },
    { parameter: "width", node: "latent", input: "width" },
    { parameter: "height", node: "latent", input: "height" },
    { parameter: "count", node: "latent", input: "batch_size" },
    { parameter: "steps", node: "sampler", input: "steps" },
    { parameter: "seed", node: "sampler", input: "seed" },
    { parameter: "model", node: "model", input: "ckpt_name" },
  ],
  outputs: ["save"],
};
