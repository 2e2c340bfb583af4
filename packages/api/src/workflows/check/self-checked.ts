/**
 * Inputs that their class looks at itself (`VALIDATE_INPUTS`): ComfyUI then asks neither for bounds nor for a choice of the list.
 * `object_info` does not say which they are. As in ComfyUI 0.3.64 and 0.33.0, and in VideoHelperSuite.
 */
const selfChecked: Readonly<Record<string, readonly string[]>> = {
  LoadImage: ["image"],
  LoadImageMask: ["image"],
  LoadImageOutput: ["image"],
  LoadAudio: ["audio"],
  LoadVideo: ["file"],
  LoadLatent: ["latent"],
  VHS_LoadAudioUpload: ["audio"],
  VHS_LoadVideo: ["video"],
  VHS_LoadVideoFFmpeg: ["video"],
};

/** Whether the class itself decides what this input takes: files that the lists of `object_info` do not name, mostly. */
export function isSelfChecked(classType: string, input: string): boolean {
  return selfChecked[classType]?.includes(input) === true;
}
