import { MAX_SEED, type Parameter } from "@darkroom/contracts";

/** The parameters that several bundled workflows share, so that a word means the same in each of them. */
export const prompt: Parameter = {
  kind: "text",
  name: "prompt",
  label: "Prompt",
  help: "What the picture shows, in your own words.",
  required: true,
  max: 4000,
};

export const negativePrompt: Parameter = {
  kind: "text",
  name: "negativePrompt",
  label: "Negative prompt",
  help: "What to keep out of the picture.",
  required: false,
  default: "",
  max: 4000,
};

export const width = {
  kind: "integer",
  name: "width",
  label: "Width",
  required: false,
  default: 1024,
  min: 64,
  max: 2048,
  step: 8,
} satisfies Parameter;

export const height = { ...width, name: "height", label: "Height" };

export const steps = {
  kind: "integer",
  name: "steps",
  label: "Steps",
  help: "More steps take longer and settle finer detail.",
  required: false,
  default: 20,
  min: 1,
  max: 100,
} satisfies Parameter;

export const seed: Parameter = {
  kind: "seed",
  name: "seed",
  label: "Seed",
  help: "The same seed and inputs give the same picture.",
  required: false,
  min: 0,
  max: MAX_SEED,
};

export const count: Parameter = {
  kind: "integer",
  name: "count",
  label: "Pictures",
  required: false,
  default: 1,
  min: 1,
  max: 4,
  advanced: true,
};

export const model = {
  kind: "model",
  name: "model",
  label: "Model",
  required: false,
  default: "sd_xl_base_1.0.safetensors",
  folder: "checkpoints",
  advanced: true,
} satisfies Parameter;

export const image: Parameter = { kind: "image", name: "image", label: "Image", required: true };

export const strength = {
  kind: "number",
  name: "strength",
  label: "Strength",
  help: "How far the result may leave the image: 0 keeps it, 1 starts afresh.",
  required: false,
  default: 0.6,
  min: 0.05,
  max: 1,
  step: 0.05,
} satisfies Parameter;
