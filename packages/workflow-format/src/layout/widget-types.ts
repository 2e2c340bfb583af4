/**
 * The types of inputs that hold a value in the node itself, as ComfyUI's own editor has them (frontend 1.45.0). A pack may
 * bring a widget for a type of its own; nothing that a server says tells of those.
 */
export const widgetTypes: ReadonlySet<string> = new Set([
  "INT",
  "FLOAT",
  "BOOLEAN",
  "STRING",
  "COMBO",
  "COMFY_DYNAMICCOMBO_V3",
  "BOUNDING_BOX",
  "CHART",
  "COLOR",
  "CURVE",
  "GALLERIA",
  "IMAGECOMPARE",
  "MARKDOWN",
  "PAINTER",
  "RANGE",
  "TEXTAREA",
]);

/**
 * Types that are only ever linked, also where a class names them first: so that an old file which lacks the input is not
 * taken for one that holds a value for it.
 */
export const socketTypes: ReadonlySet<string> = new Set([
  "*",
  "AUDIO",
  "CLIP",
  "CLIP_VISION",
  "CLIP_VISION_OUTPUT",
  "COMFY_AUTOGROW_V3",
  "COMFY_DYNAMICSLOT_V3",
  "COMFY_MATCHTYPE_V3",
  "CONDITIONING",
  "CONTROL_NET",
  "GLIGEN",
  "GUIDER",
  "IMAGE",
  "LATENT",
  "LATENT_OPERATION",
  "MASK",
  "MODEL",
  "NOISE",
  "SAMPLER",
  "SIGMAS",
  "STYLE_MODEL",
  "UPSCALE_MODEL",
  "VAE",
  "VIDEO",
]);
