const folders: readonly [RegExp, string][] = [
  [/^ckpt_name/, "checkpoints"],
  [/^unet_name/, "diffusion_models"],
  [/^vae_name/, "vae"],
  [/^lora/, "loras"],
  [/^control_?net/, "controlnet"],
  [/^clip_vision/, "clip_vision"],
  [/^clip_name|^text_encoder/, "text_encoders"],
  [/^style_model/, "style_models"],
  [/^gligen/, "gligen"],
];

/** Which folder of ComfyUI's `models/` the files of an input are in, by how loaders call it; null where that does not tell. */
export function modelFolder(input: string): string | null {
  return folders.find(([pattern]) => pattern.test(input))?.[1] ?? null;
}
