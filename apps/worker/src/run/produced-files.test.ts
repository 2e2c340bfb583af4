import { expect, test } from "vitest";
import { producedBy } from "./produced-files.ts";

const entry = (filename: string, type = "output") => ({ filename, subfolder: "", type });
const graph = { "1": { class_type: "SaveImage", inputs: {}, _meta: { title: "The print" } } };
const names = (nodeOutputs: Record<string, unknown>, outputs = ["1"]) => {
  const produced = producedBy({ graph, outputs }, { nodeOutputs });
  return "type" in produced ? produced : produced.map((one) => (one.type === "file" ? one.file.filename : one.text));
};

test.each<[string, Record<string, unknown>, string[], string[]]>([
  [
    "files of any key, in their order",
    { "1": { gltf: [entry("a.glb")], images: [entry("b.png")] } },
    ["1"],
    ["a.glb", "b.png"],
  ],
  [
    "the nodes' order, not that of their execution",
    { "2": { images: [entry("b")] }, "1": { images: [entry("a")] } },
    ["1", "2"],
    ["a", "b"],
  ],
  [
    "only the nodes that the workflow names",
    { "1": { images: [entry("a")] }, "2": { images: [entry("b")] } },
    ["2"],
    ["b"],
  ],
  [
    "a subgraph's nodes in the place of the node",
    { "1.0.3": { images: [entry("a")] }, "10": { images: [entry("b")] } },
    ["1"],
    ["a"],
  ],
  ["no previews beside outputs", { "1": { images: [entry("a", "temp"), entry("b")] } }, ["1"], ["b"]],
  [
    "no previews of one node beside outputs of another",
    { "1": { images: [entry("a", "temp")] }, "2": { images: [entry("b")] } },
    ["1", "2"],
    ["b"],
  ],
  ["previews where there is nothing else", { "1": { images: [entry("a", "temp")] } }, ["1"], ["a"]],
  [
    "a file that two nodes name, once",
    { "1": { images: [entry("a")] }, "2": { images: [entry("a")] } },
    ["1", "2"],
    ["a"],
  ],
  ["texts", { "1": { text: ["42", 7, null] } }, ["1"], ["42"]],
  [
    "the file of a text that is saved, not the text again",
    { "1": { text: ["42"], files: [entry("a.txt")] } },
    ["1"],
    ["a.txt"],
  ],
  [
    "nothing of what only looks like files",
    { "1": { images: [{ filename: "x" }, "y", null, entry("a")], numbers: [1] } },
    ["1"],
    ["a"],
  ],
])("a run's outputs are %s", (_name, nodeOutputs, outputs, expected) => {
  expect(names(nodeOutputs, outputs)).toEqual(expected);
});

test.each([[{}], [{ "1": { text: [] } }], [{ "1": { animated: [true] } }], [{ "1": null }]])(
  "a node that produced nothing (%j) is named",
  (nodeOutputs) => {
    expect(names(nodeOutputs)).toEqual({
      type: "output-invalid",
      message: 'ComfyUI reported success, but "The print" produced no file.',
    });
  },
);
