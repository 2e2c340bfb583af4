import type { WorkflowDefinition } from "@darkroom/contracts";
import { imageToImage } from "./image-to-image.ts";
import { image, model, negativePrompt, prompt, seed, steps, strength } from "./parameters.ts";

/** Only the masked part is sampled, and the result is laid over the original: what is outside stays bit for bit. */
export const inpaint: WorkflowDefinition = {
  slug: "inpaint",
  name: "Inpaint",
  description: "Repaint a part of a picture: white in the mask is painted anew, black stays.",
  graph: {
    ...imageToImage.graph,
    mask: { class_type: "LoadImageMask", inputs: { image: "", channel: "red" }, _meta: { title: "Mask" } },
    masked: {
      class_type: "SetLatentNoiseMask",
      inputs: { samples: ["encode", 0], mask: ["mask", 0] },
      _meta: { title: "Mask the frame" },
    },
    sampler: {
      class_type: "KSampler",
      inputs: {
        seed: 0,
        steps: 20,
        cfg: 7,
        sampler_name: "euler",
        scheduler: "normal",
        denoise: 0.85,
        model: ["model", 0],
        positive: ["positive", 0],
        negative: ["negative", 0],
        latent_image: ["masked", 0],
      },
      _meta: { title: "Sampler" },
    },
    composite: {
      class_type: "ImageCompositeMasked",
      inputs: {
        destination: ["image", 0],
        source: ["decode", 0],
        x: 0,
        y: 0,
        resize_source: false,
        mask: ["mask", 0],
      },
      _meta: { title: "Lay over the original" },
    },
    save: {
      class_type: "SaveImage",
      inputs: { images: ["composite", 0], filename_prefix: "darkroom" },
      _meta: { title: "Save" },
    },
  },
  parameters: [
    prompt,
    negativePrompt,
    image,
    { kind: "mask", name: "mask", label: "Mask", help: "The same size as the image.", required: true },
    { ...strength, default: 0.85 },
    steps,
    seed,
    model,
  ],
  bindings: [...imageToImage.bindings, { parameter: "mask", node: "mask", input: "image" }],
  outputs: ["save"],
};
