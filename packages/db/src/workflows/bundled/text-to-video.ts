import type { WorkflowDefinition } from "@darkroom/contracts";
import { height, model, negativePrompt, prompt, seed, steps, width } from "./parameters.ts";

/** Frames in a second; what Wan 2.1 was trained on. */
const FPS = 16;

/** Wan 2.1 (Apache 2.0) in its smaller size, which a card of 8 GB runs. */
export const textToVideo: WorkflowDefinition = {
  slug: "text-to-video",
  name: "Text to video",
  description: "Describe a scene and get some seconds of it, with Wan 2.1.",
  graph: {
    model: {
      class_type: "UNETLoader",
      inputs: { unet_name: "wan2.1_t2v_1.3B_fp16.safetensors", weight_dtype: "default" },
      _meta: { title: "Load model" },
    },
    clip: {
      class_type: "CLIPLoader",
      inputs: { clip_name: "umt5_xxl_fp8_e4m3fn_scaled.safetensors", type: "wan", device: "default" },
      _meta: { title: "Load text encoder" },
    },
    vae: {
      class_type: "VAELoader",
      inputs: { vae_name: "wan_2.1_vae.safetensors" },
      _meta: { title: "Load VAE" },
    },
    shifted: {
      class_type: "ModelSamplingSD3",
      inputs: { model: ["model", 0], shift: 8 },
      _meta: { title: "Shift" },
    },
    positive: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["clip", 0] }, _meta: { title: "Prompt" } },
    negative: {
      class_type: "CLIPTextEncode",
      inputs: { text: "", clip: ["clip", 0] },
      _meta: { title: "Negative prompt" },
    },
    latent: {
      class_type: "EmptyHunyuanLatentVideo",
      inputs: { width: 832, height: 480, length: 33, batch_size: 1 },
      _meta: { title: "Blank film" },
    },
    sampler: {
      class_type: "KSampler",
      inputs: {
        ...{ seed: 0, steps: 30, cfg: 6, sampler_name: "uni_pc", scheduler: "simple", denoise: 1 },
        ...{ model: ["shifted", 0], positive: ["positive", 0], negative: ["negative", 0], latent_image: ["latent", 0] },
      },
      _meta: { title: "Sampler" },
    },
    decode: {
      class_type: "VAEDecode",
      inputs: { samples: ["sampler", 0], vae: ["vae", 0] },
      _meta: { title: "Decode" },
    },
    video: {
      class_type: "CreateVideo",
      inputs: { images: ["decode", 0], fps: FPS },
      _meta: { title: "Film" },
    },
    save: {
      class_type: "SaveVideo",
      // The codec stands with the format since ComfyUI 0.33.0, and beside it before. Each version ignores the other's.
      inputs: {
        ...{ video: ["video", 0], filename_prefix: "darkroom" },
        ...{ format: "mp4", "format.codec": "auto", codec: "auto" },
      },
      _meta: { title: "Save" },
    },
  },
  parameters: [
    { ...prompt, help: "What happens in the scene, in your own words." },
    negativePrompt,
    { ...width, default: 832, max: 1280, step: 16 },
    { ...height, default: 480, max: 1280, step: 16 },
    {
      kind: "integer",
      name: "length",
      label: "Frames",
      help: `There are ${FPS} in a second: 33 are two seconds.`,
      required: false,
      default: 33,
      min: 1,
      max: 161,
      // The model makes the first frame and then four at a time.
      step: 4,
    },
    { ...steps, default: 30 },
    seed,
    { ...model, default: "wan2.1_t2v_1.3B_fp16.safetensors", folder: "diffusion_models" },
  ],
  bindings: [
    { parameter: "prompt", node: "positive", input: "text" },
    { parameter: "negativePrompt", node: "negative", input: "text" },
    { parameter: "width", node: "latent", input: "width" },
    { parameter: "height", node: "latent", input: "height" },
    { parameter: "length", node: "latent", input: "length" },
    { parameter: "steps", node: "sampler", input: "steps" },
    { parameter: "seed", node: "sampler", input: "seed" },
    { parameter: "model", node: "model", input: "unet_name" },
  ],
  outputs: ["save"],
};
