import type { WorkflowDefinition } from "@darkroom/contracts";
import { count, height, model, negativePrompt, prompt, seed, steps, width } from "./parameters.ts";

/** Qwen-Image (Apache 2.0) in the files that ComfyUI publishes for it: a model, a text encoder and a VAE, each for itself. */
export const qwenImage: WorkflowDefinition = {
  slug: "text-to-image-qwen",
  name: "Qwen-Image",
  description: "A newer model that follows long prompts closely and writes legible text.",
  graph: {
    model: {
      class_type: "UNETLoader",
      inputs: { unet_name: "qwen_image_fp8_e4m3fn.safetensors", weight_dtype: "default" },
      _meta: { title: "Load model" },
    },
    clip: {
      class_type: "CLIPLoader",
      inputs: { clip_name: "qwen_2.5_vl_7b_fp8_scaled.safetensors", type: "qwen_image", device: "default" },
      _meta: { title: "Load text encoder" },
    },
    vae: {
      class_type: "VAELoader",
      inputs: { vae_name: "qwen_image_vae.safetensors" },
      _meta: { title: "Load VAE" },
    },
    shifted: {
      class_type: "ModelSamplingAuraFlow",
      inputs: { model: ["model", 0], shift: 3.1 },
      _meta: { title: "Shift" },
    },
    positive: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["clip", 0] }, _meta: { title: "Prompt" } },
    negative: {
      class_type: "CLIPTextEncode",
      inputs: { text: "", clip: ["clip", 0] },
      _meta: { title: "Negative prompt" },
    },
    latent: {
      class_type: "EmptySD3LatentImage",
      inputs: { width: 1328, height: 1328, batch_size: 1 },
      _meta: { title: "Blank frame" },
    },
    sampler: {
      class_type: "KSampler",
      inputs: {
        ...{ seed: 0, steps: 20, cfg: 2.5, sampler_name: "euler", scheduler: "simple", denoise: 1 },
        ...{ model: ["shifted", 0], positive: ["positive", 0], negative: ["negative", 0], latent_image: ["latent", 0] },
      },
      _meta: { title: "Sampler" },
    },
    decode: {
      class_type: "VAEDecode",
      inputs: { samples: ["sampler", 0], vae: ["vae", 0] },
      _meta: { title: "Decode" },
    },
    save: {
      class_type: "SaveImage",
      inputs: { images: ["decode", 0], filename_prefix: "darkroom" },
      _meta: { title: "Save" },
    },
  },
  parameters: [
    prompt,
    negativePrompt,
    { ...width, default: 1328, step: 16 },
    { ...height, default: 1328, step: 16 },
    steps,
    seed,
    count,
    { ...model, default: "qwen_image_fp8_e4m3fn.safetensors", folder: "diffusion_models" },
  ],
  bindings: [
    { parameter: "prompt", node: "positive", input: "text" },
    { parameter: "negativePrompt", node: "negative", input: "text" },
    { parameter: "width", node: "latent", input: "width" },
    { parameter: "height", node: "latent", input: "height" },
    { parameter: "count", node: "latent", input: "batch_size" },
    { parameter: "steps", node: "sampler", input: "steps" },
    { parameter: "seed", node: "sampler", input: "seed" },
    { parameter: "model", node: "model", input: "unet_name" },
  ],
  outputs: ["save"],
};
