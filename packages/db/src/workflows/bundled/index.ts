import type { WorkflowDefinition } from "@darkroom/contracts";
import { imageToImage } from "./image-to-image.ts";
import { inpaint } from "./inpaint.ts";
import { testCard } from "./test-card.ts";
import { textToImage } from "./text-to-image.ts";
import { upscale } from "./upscale.ts";

/** The workflows that every installation begins with, in the order in which the studio shows them. */
export const bundledWorkflows: readonly WorkflowDefinition[] = [textToImage, imageToImage, inpaint, upscale, testCard];
