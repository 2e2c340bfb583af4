import type { WorkflowDefinition } from "@darkroom/contracts";
import { image } from "./parameters.ts";

/** Core nodes only, so that it runs on any server, whatever models it has. */
export const upscale: WorkflowDefinition = {
  slug: "upscale",
  name: "Upscale",
  description: "Enlarge a picture with a Lanczos filter.",
  graph: {
    image: { class_type: "LoadImage", inputs: { image: "" }, _meta: { title: "Image" } },
    scale: {
      class_type: "ImageScaleBy",
      inputs: { image: ["image", 0], upscale_method: "lanczos", scale_by: 2 },
      _meta: { title: "Enlarge" },
    },
    save: {
      class_type: "SaveImage",
      inputs: { images: ["scale", 0], filename_prefix: "darkroom" },
      _meta: { title: "Save" },
    },
  },
  parameters: [
    image,
    {
      kind: "number",
      name: "scale",
      label: "Scale",
      help: "How many times larger each side becomes.",
      required: false,
      default: 2,
      min: 1,
      max: 4,
      step: 0.5,
    },
  ],
  bindings: [
    { parameter: "image", node: "image", input: "image" },
    { parameter: "scale", node: "scale", input: "scale_by" },
  ],
  outputs: ["save"],
};
