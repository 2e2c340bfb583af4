import type { WorkflowDefinition } from "@darkroom/contracts";
import { imageToImage } from "./image-to-image.ts";
import { inpaint } from "./inpaint.ts";
import { qwenImage } from "./qwen-image.ts";
import { testCard } from "./test-card.ts";
import { textToImage } from "./text-to-image.ts";
import { textToVideo } from "./text-to-video.ts";
import { upscale } from "./upscale.ts";
import { upscaleModel } from "./upscale-model.ts";

/** The workflows that every installation begins with, in the order in which the studio shows them. */
export const bundledWorkflows: readonly WorkflowDefinition[] = [
  textToImage,
  qwenImage,
  imageToImage,
  inpaint,
  upscale,
  upscaleModel,
  textToVideo,
  testCard,
];
