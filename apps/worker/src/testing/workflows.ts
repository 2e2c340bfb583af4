import type { WorkflowDefinition } from "@darkroom/contracts";

/** A sampler whose steps the test chooses; its upper bound is above ComfyUI's own, so that ComfyUI can refuse. */
export const picture: WorkflowDefinition = {
  slug: "picture",
  name: "Picture",
  description: "A sampler with a chosen number of steps.",
  graph: {
    model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "darkroom-simulator-xl.safetensors" } },
    positive: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["model", 1] } },
    negative: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["model", 1] } },
    latent: { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
    sampler: {
      class_type: "KSampler",
      inputs: {
        seed: 0,
        steps: 4,
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
    decode: { class_type: "VAEDecode", inputs: { samples: ["sampler", 0], vae: ["model", 2] } },
    save: { class_type: "SaveImage", inputs: { images: ["decode", 0], filename_prefix: "darkroom" } },
  },
  parameters: [
    { kind: "text", name: "prompt", label: "Prompt", required: false, default: "a lighthouse" },
    { kind: "integer", name: "steps", label: "Steps", required: false, default: 4, min: 1, max: 1_000_000 },
  ],
  bindings: [
    { parameter: "prompt", node: "positive", input: "text" },
    { parameter: "steps", node: "sampler", input: "steps" },
  ],
  outputs: ["save"],
};

/** Runs out of memory each time it is tried: twice. */
export const outOfMemory: WorkflowDefinition = {
  slug: "out-of-memory",
  name: "Out of memory",
  description: "A node that runs out of memory.",
  graph: {
    image: { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
    raise: {
      class_type: "ProbeRaise",
      inputs: { image: ["image", 0], kind: "OutOfMemory", message: "Allocation on device" },
    },
    save: { class_type: "SaveImage", inputs: { images: ["raise", 0], filename_prefix: "darkroom" } },
  },
  parameters: [],
  bindings: [],
  outputs: ["save"],
};
