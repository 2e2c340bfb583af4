import type { Graph } from "@darkroom/contracts";
import type { Refusal } from "./case.ts";

/** What is said of a graph as a whole. */
export interface GraphCase {
  readonly says: string;
  readonly graph: Graph;
  readonly comfyui: "takes" | "takes a part" | Refusal;
}

const invert = (from: string) => ({ class_type: "ImageInvert", inputs: { image: [from, 0] } });
const save = (from: string) => ({ class_type: "SaveImage", inputs: { images: [from, 0], filename_prefix: "x" } });

/** Graphs as they would be sent; what they link to and do not hold is added by `withSources`. */
export const graphCases: readonly GraphCase[] = [
  { says: "a graph without an output node", graph: { a: invert("picture") }, comfyui: "prompt_no_outputs" },
  {
    says: "a class that the server does not have, even where nothing depends on it",
    graph: { out: save("picture"), a: { class_type: "NoSuchNode", inputs: {} } },
    comfyui: "missing_node_type",
  },
  { says: "a node that depends on itself", graph: { out: save("a"), a: invert("a") }, comfyui: "dependency_cycle" },
  {
    says: "a ring of nodes that an output depends on",
    graph: { out: save("a"), a: invert("b"), b: invert("a") },
    comfyui: "dependency_cycle",
  },
  {
    says: "a ring of nodes that no output depends on",
    graph: { out: save("picture"), a: invert("b"), b: invert("a") },
    comfyui: "takes",
  },
  {
    says: "a node with a wrong value that no output depends on",
    graph: { out: save("picture"), a: { class_type: "EmptyImage", inputs: { width: "x" } } },
    comfyui: "takes",
  },
  {
    says: "a link to nobody, in a node that no output depends on",
    graph: { out: save("picture"), a: invert("nobody") },
    comfyui: "takes",
  },
  {
    says: "two outputs, of which one is wrong: 200 with node_errors, and only the other runs. A job counts that as refused",
    graph: { out: save("picture"), other: { class_type: "SaveImage", inputs: { images: ["picture", 0] } } },
    comfyui: "takes a part",
  },
  {
    says: "one node that two outputs depend on, wrong for both",
    graph: { out: save("a"), other: save("a"), a: { class_type: "ImageInvert", inputs: {} } },
    comfyui: "required_input_missing",
  },
  {
    says: "an input that is lazy, with something wrong behind the side that is not taken",
    graph: {
      out: save("a"),
      a: { class_type: "ComfySwitchNode", inputs: { switch: true, on_true: ["picture", 0], on_false: ["b", 0] } },
      b: { class_type: "EmptyImage", inputs: { width: 0, height: 8, batch_size: 1, color: 0 } },
    },
    comfyui: "value_smaller_than_min",
  },
  {
    says: "ids that are any text, and titles that are odd",
    graph: { "load:1": { ...save("my node"), _meta: {} }, "my node": invert("picture") },
    comfyui: "takes",
  },
];
