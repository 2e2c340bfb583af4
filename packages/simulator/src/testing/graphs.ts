/** Graphs for this package's own tests. */
type TestGraph = Record<string, { class_type: string; inputs: Record<string, unknown> }>;

/** Text to image with KSampler: model, two texts, a latent, a sampler, a file. */
export function paintingGraph(
  options: { text?: string; seed?: number; steps?: number; side?: number } = {},
): TestGraph {
  const { text = "a forest at sunset", seed = 1, steps = 4, side = 64 } = options;
  return {
    model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "darkroom-simulator-xl.safetensors" } },
    positive: { class_type: "CLIPTextEncode", inputs: { text, clip: ["model", 1] } },
    negative: { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["model", 1] } },
    latent: { class_type: "EmptyLatentImage", inputs: { width: side, height: side, batch_size: 1 } },
    sampler: {
      class_type: "KSampler",
      inputs: {
        seed,
        steps,
        cfg: 7,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 1,
        model: ["model", 0],
        positive: ["positive", 0],
        negative: ["negative", 0],
        latent_image: ["latent", 0],
      },
    },
    decode: { class_type: "VAEDecode", inputs: { samples: ["sampler", 0], vae: ["model", 2] } },
    save: { class_type: "SaveImage", inputs: { images: ["decode", 0], filename_prefix: "test" } },
  };
}

/** Runs for `seconds` without looking for an interrupt, then ends. */
export function slowGraph(seconds: number): TestGraph {
  return { slow: { class_type: "ProbeSlowOutput", inputs: { seconds } } };
}
