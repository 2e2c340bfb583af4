/** What `object_info` says of a class beyond what the simulator does with it. */
export interface NodeFacts {
  /** Declared by the newer interface, whose descriptions have more fields. */
  readonly v3?: boolean;
  readonly module?: string;
  readonly searchAliases?: readonly string[];
  readonly outputTooltips?: readonly string[];
  readonly essentials?: string;
  readonly deprecated?: boolean;
  readonly experimental?: boolean;
}

/** As recorded; a class that is not here has nothing to add. */
export const nodeFacts: Readonly<Record<string, NodeFacts>> = {
  KSampler: {
    searchAliases: ["sampler", "sample", "generate", "denoise", "diffuse", "txt2img", "img2img"],
    outputTooltips: ["The denoised latent."],
  },
  SaveImage: {
    searchAliases: ["save", "save image", "export image", "output image", "write image", "download"],
    essentials: "Basics",
  },
  PreviewImage: {
    searchAliases: ["preview", "preview image", "show image", "view image", "display image", "image viewer"],
    essentials: "Basics",
  },
  LoadImage: {
    searchAliases: [
      "load image",
      "open image",
      "import image",
      "image input",
      "upload image",
      "read image",
      "image loader",
    ],
    essentials: "Basics",
  },
  LoadImageMask: { searchAliases: ["import mask", "alpha mask", "channel mask"], essentials: "Image Tools" },
  LoadImageOutput: { searchAliases: ["output image", "previous generation"], essentials: "Basics", experimental: true },
  CheckpointLoaderSimple: {
    searchAliases: ["load model", "checkpoint", "model loader", "load checkpoint", "ckpt", "model"],
    outputTooltips: [
      "The model used for denoising latents.",
      "The CLIP model used for encoding text prompts.",
      "The VAE model used for encoding and decoding images to and from latent space.",
    ],
  },
  EmptyLatentImage: {
    searchAliases: ["empty", "empty latent", "new latent", "create latent", "blank latent", "blank"],
    outputTooltips: ["The empty latent image batch."],
  },
  CLIPTextEncode: {
    searchAliases: [
      "text",
      "prompt",
      "text prompt",
      "positive prompt",
      "negative prompt",
      "encode text",
      "text encoder",
      "encode prompt",
    ],
    outputTooltips: ["A conditioning containing the embedded text used to guide the diffusion model."],
  },
  VAEDecode: {
    searchAliases: ["decode", "decode latent", "latent to image", "render latent"],
    outputTooltips: ["The decoded image."],
  },
  SaveVideo: {
    v3: true,
    module: "comfy_extras.nodes_video",
    searchAliases: ["export video"],
    outputTooltips: ["The input video, unchanged."],
    essentials: "Basics",
  },
  CreateVideo: {
    v3: true,
    module: "comfy_extras.nodes_video",
    searchAliases: ["images to video"],
    essentials: "Video Tools",
  },
  SaveAudio: {
    v3: true,
    module: "comfy_extras.nodes_audio",
    searchAliases: ["export flac"],
    essentials: "Audio",
    deprecated: true,
  },
  SaveWEBM: { v3: true, module: "comfy_extras.nodes_video", searchAliases: ["export webm"], experimental: true },
  LoraLoader: {
    searchAliases: ["lora", "load lora", "apply lora", "lora loader", "lora model"],
    outputTooltips: ["The modified diffusion model.", "The modified CLIP model."],
    essentials: "Image Generation",
  },
  PreviewAny: {
    module: "comfy_extras.nodes_preview_any",
    searchAliases: ["show output", "inspect", "debug", "print value", "show text"],
  },
  ImageScale: {
    searchAliases: ["resize", "resize image", "scale image", "image resize", "zoom", "zoom in", "change size"],
    essentials: "Image Tools",
  },
};
