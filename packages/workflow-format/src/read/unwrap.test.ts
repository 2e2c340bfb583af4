import { expect, test } from "vitest";
import { unwrapWorkflow } from "./unwrap.ts";

const editor = { nodes: [], links: [] };
const graph = { "1": { class_type: "Load", inputs: {} } };

test.each([
  ["the file itself", editor, editor],
  ["the graph itself", graph, graph],
  [
    "the body of a prompt",
    { prompt: graph, client_id: "x", extra_data: { extra_pnginfo: { workflow: editor } } },
    graph,
  ],
  ["what the editor adds to it", { extra_data: { extra_pnginfo: { workflow: editor } } }, editor],
  ["a service's workflow", { input: { workflow: editor } }, editor],
  ["a text", { workflow: JSON.stringify(graph) }, graph],
  [
    "a node called prompt",
    { ...graph, prompt: { class_type: "Save", inputs: {} } },
    { ...graph, prompt: { class_type: "Save", inputs: {} } },
  ],
  ["neither", { workflow: "{", prompt: 3 }, { workflow: "{", prompt: 3 }],
])("a workflow is found in %s", (_where, value, found) => {
  expect(unwrapWorkflow(value)).toEqual(found);
});
