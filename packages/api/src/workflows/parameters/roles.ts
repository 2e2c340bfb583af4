/** What an input is to the person who asks for a picture. */
export interface InputRole {
  readonly name: string;
  readonly label: string;
  /** Narrower than what a node allows: whoever fills in the form shares the GPU with everyone else. */
  readonly bounds?: { readonly min: number; readonly max: number };
  /** Below the fold of the form. */
  readonly isAdvanced?: boolean;
  /** Inputs of this role with the same value are one thing: two samplers' steps, both encoders' texts. */
  readonly isJoined?: boolean;
  /** Called by its input's own name, which says more. */
  readonly isNamedByInput?: boolean;
  /** A node has one of it, so that the node's title names it. */
  readonly isTitled?: boolean;
  /** Without a title of its own called by what it is for. */
  readonly isOfPurpose?: boolean;
}

const size = { bounds: { min: 64, max: 2048 }, isJoined: true };
const model = { isAdvanced: true };

/** What people usually want to set, in the order of the form. */
export const roles = {
  prompt: { name: "prompt", label: "Prompt", isJoined: true, isTitled: true },
  speech: { name: "text", label: "Text", isJoined: true, isTitled: true },
  lyrics: { name: "lyrics", label: "Lyrics", isJoined: true, isTitled: true },
  negativePrompt: { name: "negativePrompt", label: "Negative prompt", isJoined: true, isTitled: true },
  instruction: { name: "instruction", label: "Instruction", isTitled: true },
  task: { name: "task", label: "Task", isTitled: true },
  voice: { name: "voice", label: "Voice", isTitled: true },
  language: { name: "language", label: "Language", isTitled: true },
  image: { name: "image", label: "Image", isTitled: true },
  mask: { name: "mask", label: "Mask", isTitled: true },
  video: { name: "video", label: "Video", isTitled: true },
  audio: { name: "audio", label: "Sound", isTitled: true },
  "3d": { name: "model3d", label: "3D model", isTitled: true },
  folder: { name: "folder", label: "Folder", isTitled: true },
  toggle: { name: "toggle", label: "Switch", isTitled: true, isOfPurpose: true },
  extend: { name: "extend", label: "Extend" },
  box: { name: "box", label: "Box", isNamedByInput: true },
  denoise: { name: "denoise", label: "Denoise" },
  strength: { name: "strength", label: "Strength" },
  size: { name: "size", label: "Size" },
  ratio: { name: "aspectRatio", label: "Aspect ratio" },
  side: { name: "side", label: "Width and height", ...size },
  width: { name: "width", label: "Width", ...size },
  height: { name: "height", label: "Height", ...size },
  edge: { name: "edge", label: "Length of the side", bounds: { min: 64, max: 2048 } },
  length: { name: "length", label: "Frames", bounds: { min: 1, max: 1000 }, isJoined: true },
  loaded: { name: "framesToLoad", label: "Frames to load", bounds: { min: 0, max: 1000 } },
  seconds: { name: "seconds", label: "Seconds", bounds: { min: 1, max: 600 }, isJoined: true },
  fps: { name: "fps", label: "Frames per second", bounds: { min: 1, max: 120 }, isJoined: true },
  motion: { name: "motion", label: "Motion" },
  scale: { name: "scale", label: "Scale", bounds: { min: 0.25, max: 4 } },
  megapixels: { name: "megapixels", label: "Megapixels", bounds: { min: 0.1, max: 4 } },
  value: { name: "value", label: "Value", isTitled: true, isOfPurpose: true },
  steps: { name: "steps", label: "Steps", bounds: { min: 1, max: 100 }, isJoined: true },
  switchStep: { name: "switchStep", label: "Next pass from step", isAdvanced: true, isJoined: true },
  cfg: { name: "cfg", label: "Guidance", bounds: { min: 0, max: 30 }, isAdvanced: true, isJoined: true },
  seed: { name: "seed", label: "Seed", isJoined: true },
  sampler: { name: "sampler", label: "Sampler", isAdvanced: true, isJoined: true },
  scheduler: { name: "scheduler", label: "Scheduler", isAdvanced: true, isJoined: true },
  count: { name: "count", label: "Pictures", bounds: { min: 1, max: 4 }, isAdvanced: true, isJoined: true },
  pick: { name: "pick", label: "Which one of the batch", isAdvanced: true },
  clipSkip: { name: "clipSkip", label: "CLIP skip", isAdvanced: true },
  lora: { name: "lora", label: "LoRA", ...model },
  loraStrength: { name: "loraStrength", label: "LoRA strength", isAdvanced: true, isJoined: true },
  model: { name: "model", label: "Model", ...model },
  textEncoder: { name: "textEncoder", label: "Text encoder", ...model },
  vae: { name: "vae", label: "VAE", ...model },
  controlNet: { name: "controlNet", label: "ControlNet", ...model },
  upscaler: { name: "upscaler", label: "Upscale model", ...model },
  visionModel: { name: "visionModel", label: "Vision model", ...model },
  styleModel: { name: "styleModel", label: "Style model", ...model },
  otherModel: { name: "otherModel", label: "Model file", ...model },
} as const satisfies Record<string, InputRole>;
export type RoleName = keyof typeof roles;

/** An input's role in this graph, and whether a person would want to see it here. */
export interface Assigned {
  readonly role: RoleName;
  readonly isWanted: boolean;
  /** What must be the same, beside the value, for two inputs to be one thing; left out: nothing. */
  readonly group?: string;
}
