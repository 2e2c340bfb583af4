import { expect, it } from "vitest";
import { linksOf, nodeStates } from "./node-states.ts";

const node = (title: string, inputs: Record<string, unknown> = {}) => ({ class_type: title, inputs, _meta: { title } });
const graph = {
  1: node("Load Checkpoint"),
  2: node("Prompt", { clip: ["1", 1], text: "a fox", pair: ["1", 2], size: [512, 512] }),
  3: node("Sampler", { model: ["1", 0], positive: ["2", 0], gone: ["99", 0] }),
  4: node("Save Image", { images: ["3", 0] }),
};

it("two nodes are linked once, and only to nodes that are there", () => {
  expect(linksOf(graph).map(({ from, to }) => `${from}→${to}`)).toEqual(["1→2", "1→3", "2→3", "3→4"]);
});

it.each([
  ["nothing has begun", null, ["waiting", "waiting", "waiting", "waiting"]],
  ["the prompt is at work", "Prompt", ["done", "running", "waiting", "waiting"]],
  ["the last one is at work", "Save Image", ["done", "done", "done", "running"]],
  ["a node that the graph does not have", "Another", ["waiting", "waiting", "waiting", "waiting"]],
] as const)("while it runs: %s", (_, nodeTitle, states) => {
  const run = { nodes: [], progress: nodeTitle === null ? null : { nodeTitle }, isOver: false };
  expect([...nodeStates(graph, run).values()]).toEqual(states);
});

it("once it is over each node has what its worker heard", () => {
  const nodes = [
    { node: "1", ms: null, isCached: true },
    { node: "3", ms: 900, isCached: false },
  ];
  const states = nodeStates(graph, { nodes, progress: null, isOver: true });
  expect([...states.values()]).toEqual(["cached", "unknown", "done", "unknown"]);
});
