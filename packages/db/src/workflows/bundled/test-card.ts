import type { Graph, WorkflowDefinition } from "@darkroom/contracts";
import { height, width } from "./parameters.ts";

/** The seven bars of a television test card: white, yellow, cyan, green, magenta, red, blue. */
const bars = [0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000, 0xc000c0, 0xc00000, 0x0000c0];

/** Seven pixels in a row, laid side by side and then enlarged without smoothing: core nodes only, no model. */
function barGraph(): Graph {
  const graph: Graph = {};
  bars.forEach((color, index) => {
    const size = index === 0 ? { width: bars.length, height: 1 } : { width: 1, height: 1 };
    graph[`bar${index}`] = {
      class_type: "EmptyImage",
      inputs: { ...size, batch_size: 1, color },
      _meta: { title: `Bar ${index + 1}` },
    };
    if (index === 0) return;
    graph[`row${index}`] = {
      class_type: "ImageCompositeMasked",
      inputs: {
        destination: [index === 1 ? "bar0" : `row${index - 1}`, 0],
        source: [`bar${index}`, 0],
        x: index,
        y: 0,
        resize_source: false,
      },
      _meta: { title: `Lay bar ${index + 1}` },
    };
  });
  return graph;
}

export const testCard: WorkflowDefinition = {
  slug: "test-card",
  name: "Test card",
  description: "Colour bars from core nodes: shows that a server works, without any model.",
  graph: {
    ...barGraph(),
    scale: {
      class_type: "ImageScale",
      inputs: {
        image: [`row${bars.length - 1}`, 0],
        upscale_method: "nearest-exact",
        width: 1024,
        height: 1024,
        crop: "disabled",
      },
      _meta: { title: "Enlarge" },
    },
    save: {
      class_type: "SaveImage",
      inputs: { images: ["scale", 0], filename_prefix: "darkroom" },
      _meta: { title: "Save" },
    },
  },
  parameters: [width, height],
  bindings: [
    { parameter: "width", node: "scale", input: "width" },
    { parameter: "height", node: "scale", input: "height" },
  ],
  outputs: ["save"],
};
