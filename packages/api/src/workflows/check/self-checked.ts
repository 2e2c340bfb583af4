/**
 * Inputs that name a file which their class looks for itself (`VALIDATE_INPUTS`): ComfyUI then asks neither for bounds nor for a choice of
 * the list. `object_info` does not say which they are. As in ComfyUI 0.3.64 to 0.33.0, and in their packs.
 */
const files: Readonly<Record<string, readonly string[]>> = {
  LoadImage: ["image"],
  LoadImageMask: ["image"],
  LoadImageOutput: ["image"],
  LoadAudio: ["audio"],
  LoadVideo: ["file"],
  LoadLatent: ["latent"],
  VHS_LoadAudioUpload: ["audio"],
  VHS_LoadVideo: ["video"],
  VHS_LoadVideoFFmpeg: ["video"],
  LoadAndResizeImage: ["image"],
};

/** Inputs that their class looks at itself and that name no file; `*`: all of them, as it takes whatever it is given (`**kwargs`). */
const others: Readonly<Record<string, readonly string[]>> = {
  CustomCombo: ["*"],
  WebcamCapture: ["image"],
  Load3D: ["*"],
  Load3DAdvanced: ["*"],
  ModelAttentionBackend: ["attention"],
  SelectModelDevice: ["device"],
  SelectCLIPDevice: ["device"],
  SelectVAEDevice: ["device"],
  VHS_LoadAudio: ["*"],
  VHS_LoadAudioUpload: ["*"],
  // Their folder has to be there, which the list says.
  VHS_LoadImages: ["image_load_cap", "skip_first_images", "select_every_nth"],
  VHS_LoadImagesPath: ["image_load_cap", "skip_first_images", "select_every_nth"],
  ImageReceiver: ["image", "link_id", "save_to_workflow", "image_data", "trigger_always"],
  LatentReceiver: ["latent", "link_id", "trigger_always"],
  ADE_LoadCameraPosesFromPath: ["*"],
  LTXVLoadConditioning: ["file_name", "device"],
  "LoadText|pysssss": ["*"],
  "SaveText|pysssss": ["*"],
};

/** Whether ComfyUI leaves it to the class what this input takes. */
export function isSelfChecked(classType: string, input: string): boolean {
  const own = others[classType] ?? [];
  return looksForFile(classType, input) || own.includes(input) || own.includes("*");
}

/** Whether the class looks for a file of this name before the graph runs. */
export function looksForFile(classType: string, input: string): boolean {
  return files[classType]?.includes(input) === true;
}
