import { backendsMutants } from "./backends.ts";
import { comfyuiMutants } from "./comfyui.ts";
import { eventsMutants } from "./events.ts";
import { galleryMutants } from "./gallery.ts";
import { imageMutants } from "./images.ts";
import { jobsMutants } from "./jobs.ts";
import type { Mutant } from "./mutant.ts";
import { peopleMutants } from "./people.ts";
import { queueMutants } from "./queue.ts";
import { removalMutants } from "./removal.ts";
import { servicesMutants } from "./services.ts";
import { slotsMutants } from "./slots.ts";
import { socketsMutants } from "./sockets.ts";
import { submitsMutants } from "./submits.ts";
import { webMutants } from "./web.ts";
import { workflowFilesMutants } from "./workflow-files.ts";
import { workflowsMutants } from "./workflows.ts";

/** Every mutant, keyed by a short name. */
export const mutants: Readonly<Record<string, Mutant>> = {
  ...queueMutants,
  ...jobsMutants,
  ...submitsMutants,
  ...slotsMutants,
  ...comfyuiMutants,
  ...backendsMutants,
  ...eventsMutants,
  ...webMutants,
  ...galleryMutants,
  ...socketsMutants,
  ...servicesMutants,
  ...peopleMutants,
  ...removalMutants,
  ...workflowFilesMutants,
  ...workflowsMutants,
  ...imageMutants,
};
