import type { WorkflowDefinition } from "@darkroom/contracts";
import { picture } from "../workflows.ts";

/** `picture` with further nodes; what they are is ComfyUI's business. */
function pictureWith(
  slug: string,
  nodes: WorkflowDefinition["graph"],
  changes: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return { ...picture, ...changes, slug, graph: { ...picture.graph, ...nodes } };
}

const flat = { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } };

/** One of its two files can be made. */
export const partlyValid = pictureWith("partly-valid", {
  broken: { class_type: "SaveImage", inputs: { filename_prefix: "x" }, _meta: { title: "Second file" } },
});
/** Its last node has nothing to save. */
export const blocking: WorkflowDefinition = {
  ...picture,
  slug: "blocking",
  graph: {
    image: flat,
    block: { class_type: "ProbeBlock", inputs: { image: ["image", 0], message: "no face in the picture" } },
    save: { class_type: "SaveImage", inputs: { images: ["block", 0], filename_prefix: "x" } },
  },
  parameters: [],
  bindings: [],
};
/** A node finds its GPU gone. */
export const lostDevice: WorkflowDefinition = {
  ...blocking,
  slug: "lost-device",
  graph: {
    image: flat,
    raise: {
      class_type: "ProbeRaise",
      inputs: {
        image: ["image", 0],
        kind: "ValueError",
        message: "CUDA error: an illegal memory access was encountered",
      },
    },
    save: { class_type: "SaveImage", inputs: { images: ["raise", 0], filename_prefix: "x" } },
  },
};
/** A node shows NaN. */
export const notANumber = pictureWith("not-a-number", { odd: { class_type: "ProbeNaNUi", inputs: { kind: "nan" } } });
/** Its last node sleeps for so many seconds and looks for no interrupt. */
export const lastNodeIsDeaf = pictureWith(
  "deaf-node",
  { slow: { class_type: "ProbeSlowOutput", inputs: { seconds: 0 }, _meta: { title: "Deaf" } } },
  {
    parameters: [{ kind: "integer", name: "seconds", label: "Seconds", required: false, default: 0, min: 0, max: 9 }],
    bindings: [{ parameter: "seconds", node: "slow", input: "seconds" }],
  },
);
