import type { WorkflowDefinition } from "@darkroom/contracts";
import { image } from "./parameters.ts";

export const upscaleModel: WorkflowDefinition = {
  slug: "upscale-model",
  name: "Upscale with a model",
  description: "Enlarge a picture with a model that draws the missing detail.",
  graph: {
    image: { class_type: "LoadImage", inputs: { image: "" }, _meta: { title: "Image" } },
    model: {
      class_type: "UpscaleModelLoader",
      inputs: { model_name: "RealESRGAN_x4plus.safetensors" },
      _meta: { title: "Load model" },
    },
    scale: {
      class_type: "ImageUpscaleWithModel",
      inputs: { upscale_model: ["model", 0], image: ["image", 0] },
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
      kind: "model",
      name: "model",
      label: "Model",
      help: "How many times larger the picture becomes depends on the model.",
      required: false,
      default: "RealESRGAN_x4plus.safetensors",
      folder: "upscale_models",
    },
  ],
  bindings: [
    { parameter: "image", node: "image", input: "image" },
    { parameter: "model", node: "model", input: "model_name" },
  ],
  outputs: ["save"],
};
