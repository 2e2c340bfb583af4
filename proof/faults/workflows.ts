import type { WorkflowDefinition } from "@darkroom/contracts";

/** Runs out of memory each time it is tried: twice. */
export const outOfMemory: WorkflowDefinition = {
  slug: "out-of-memory",
  name: "Out of memory",
  description: "A node that runs out of memory.",
  graph: {
    image: { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
    raise: {
      class_type: "ProbeRaise",
      inputs: { image: ["image", 0], kind: "OutOfMemory", message: "Allocation on device" },
    },
    save: { class_type: "SaveImage", inputs: { images: ["raise", 0], filename_prefix: "darkroom" } },
  },
  parameters: [],
  bindings: [],
  outputs: ["save"],
};
