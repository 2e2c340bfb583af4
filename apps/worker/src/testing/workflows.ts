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
    { kind: "integer", name: "size", label: "Size", required: false, default: 64, min: 16, max: 2048 },
    { kind: "integer", name: "count", label: "Count", required: false, default: 1, min: 1, max: 8 },
  ],
  bindings: [
    { parameter: "prompt", node: "positive", input: "text" },
    { parameter: "steps", node: "sampler", input: "steps" },
    { parameter: "size", node: "latent", input: "width" },
    { parameter: "size", node: "latent", input: "height" },
    { parameter: "count", node: "latent", input: "batch_size" },
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

const prefixed = (class_type: string, inputs: Record<string, unknown>) => ({
  class_type,
  inputs: { ...inputs, filename_prefix: "x" },
});

/** A video and a sound of the caller's: what nodes make of them, saved again. */
export const revoiced: WorkflowDefinition = {
  slug: "revoiced",
  name: "Revoiced",
  description: "A video and a sound.",
  graph: {
    film: { class_type: "LoadVideo", inputs: { file: "" } },
    sound: { class_type: "LoadAudio", inputs: { audio: "" } },
    parts: { class_type: "GetVideoComponents", inputs: { video: ["film", 0] } },
    pictures: prefixed("SaveImage", { images: ["parts", 0] }),
    audio: prefixed("SaveAudio", { audio: ["sound", 0] }),
  },
  parameters: [
    { kind: "video", name: "video", label: "Video", required: true },
    { kind: "audio", name: "sound", label: "Sound", required: true },
  ],
  bindings: [
    { parameter: "video", node: "film", input: "file" },
    { parameter: "sound", node: "sound", input: "audio" },
  ],
  outputs: ["pictures", "audio"],
};

/** Leaves an output of each kind that ComfyUI's own nodes make, and a preview beside them. */
export const media: WorkflowDefinition = {
  slug: "media",
  name: "Media",
  description: "Outputs of every kind.",
  graph: {
    images: { class_type: "ProbeBatch", inputs: { count: 3, width: 32, height: 16 } },
    sound: { class_type: "EmptyAudio", inputs: { duration: 0.5, sample_rate: 44_100, channels: 2 } },
    video: { class_type: "CreateVideo", inputs: { images: ["images", 0], fps: 8 } },
    picture: prefixed("SaveImage", { images: ["images", 0] }),
    socket: { class_type: "SaveImageWebsocket", inputs: { images: ["images", 0] } },
    preview: { class_type: "PreviewImage", inputs: { images: ["images", 0] } },
    webp: prefixed("SaveAnimatedWEBP", {
      images: ["images", 0],
      fps: 6,
      lossless: true,
      quality: 80,
      method: "default",
    }),
    apng: prefixed("SaveAnimatedPNG", { images: ["images", 0], fps: 6, compress_level: 4 }),
    webm: prefixed("SaveWEBM", { images: ["images", 0], codec: "vp9", fps: 24, crf: 32 }),
    mp4: prefixed("SaveVideo", { video: ["video", 0], format: "auto", codec: "auto" }),
    flac: prefixed("SaveAudio", { audio: ["sound", 0] }),
    mp3: prefixed("SaveAudioMP3", { audio: ["sound", 0], quality: "V0" }),
    opus: prefixed("SaveAudioOpus", { audio: ["sound", 0], quality: "128k" }),
    shown: { class_type: "PreviewAny", inputs: { source: "forty-two" } },
    saved: prefixed("SaveText", { text: "line 1\nline 2", format: "txt" }),
  },
  parameters: [],
  bindings: [],
  outputs: ["preview", "picture", "socket", "webp", "apng", "webm", "mp4", "flac", "mp3", "opus", "shown", "saved"],
};

/** Doubles a picture that was uploaded. */
export const doubled: WorkflowDefinition = {
  slug: "doubled",
  name: "Doubled",
  description: "A picture, twice as large.",
  graph: {
    load: { class_type: "LoadImage", inputs: { image: "" } },
    scale: { class_type: "ImageScaleBy", inputs: { image: ["load", 0], upscale_method: "lanczos", scale_by: 2 } },
    save: prefixed("SaveImage", { images: ["scale", 0] }),
  },
  parameters: [{ kind: "image", name: "image", label: "Picture", required: true }],
  bindings: [{ parameter: "image", node: "load", input: "image" }],
  outputs: ["save"],
};
