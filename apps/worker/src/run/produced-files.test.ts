import { expect, test } from "vitest";
import { producedBy } from "./produced-files.ts";

const entry = (filename: string, type = "output") => ({ filename, subfolder: "", type });
const graph = { "1": { class_type: "SaveImage", inputs: {}, _meta: { title: "The print" } } };
const names = (nodeOutputs: Record<string, unknown>, outputs = ["1"]) => {
  const { produced } = producedBy({ graph, outputs }, { nodeOutputs }, []);
  return produced.map((one) => (one.type === "file" ? one.file.filename : one.text));
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
    expect(producedBy({ graph, outputs: ["1"] }, { nodeOutputs }, [])).toEqual({
      produced: [],
      missing: [
        {
          nodeId: "1",
          nodeTitle: "The print",
          message: "It was switched off or its input was blocked, and ComfyUI gave no reason.",
        },
      ],
    });
  },
);

test("a node that made nothing is told with what was said of the nearest node that it depends on", () => {
  const link = (from: string) => ({ class_type: "Any", inputs: { image: [from, 0] } });
  const chain = { far: { class_type: "Any", inputs: {} }, near: link("far"), save: link("near"), other: link("far") };
  const said = (nodeId: string, message: string) => ({
    nodeId,
    nodeType: "Any",
    exceptionType: "ExecutionBlocked",
    message,
    traceback: [],
  });
  const blocked = [said("far", "Far."), said("near.0.1", "Near\nand more")];
  const { missing } = producedBy({ graph: chain, outputs: ["save", "other"] }, { nodeOutputs: {} }, blocked);
  expect(missing.map(({ message }) => message)).toEqual(["Near.", "Far."]);
});
