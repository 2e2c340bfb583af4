import type { ComfyEvent } from "@darkroom/comfyui";
import type { Graph } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { createRunRecorder } from "./run-recorder.ts";

const graph: Graph = {
  "1": { class_type: "CheckpointLoaderSimple", inputs: {} },
  "2": { class_type: "KSampler", inputs: {} },
  "3": { class_type: "SaveImage", inputs: {} },
};

const cached = (...nodes: string[]): ComfyEvent => ({ type: "cached", nodes });
const runs = (node: string, displayNode = node): ComfyEvent => ({ type: "node", node, displayNode });
const step = (value: number, max: number, node = "2"): ComfyEvent => ({ type: "progress", node, value, max });

/** What is on record after these events, each at its millisecond. */
function recordOf(...events: readonly (readonly [at: number, event: ComfyEvent])[]) {
  let at = 0;
  const recorder = createRunRecorder(graph, () => at);
  for (const [when, event] of events) {
    at = when;
    recorder.event(event);
  }
  return recorder.record(null);
}

test("the time before the first step, beyond a step's own, is loading", () => {
  const record = recordOf(
    [0, cached()],
    [0, runs("1")],
    [1000, runs("2")],
    [3100, step(1, 4)],
    [3200, step(2, 4)],
    [3400, step(4, 4)],
    [3450, runs("3")],
    [3500, { type: "success" }],
    [9999, { type: "end" }],
  );
  expect(record).toEqual({
    nodes: [
      { node: "1", ms: 1000 },
      { node: "2", ms: 2450 },
      { node: "3", ms: 50 },
    ],
    cached: [],
    modelLoadMs: 1000 + 2000,
    samplingMs: 450,
    totalMs: 3500,
    isCold: true,
    isWhole: true,
  });
});

test("a run whose loader was cached is warm", () => {
  const record = recordOf(
    [0, cached("1")],
    [0, runs("2")],
    [10, step(1, 2)],
    [20, step(2, 2)],
    [25, { type: "success" }],
  );
  expect(record).toMatchObject({ cached: ["1"], modelLoadMs: 0, samplingMs: 25, isCold: false, isWhole: true });
});

test("what the parts of an expanded node took counts for the node that people placed", () => {
  const record = recordOf(
    [0, cached()],
    [0, runs("2.0.0.1", "2")],
    [30, runs("2.0.0.2", "2")],
    [50, { type: "success" }],
  );
  expect(record?.nodes).toEqual([{ node: "2", ms: 50 }]);
});

test("a saver that counts from zero is no sampling, and of one step alone nothing is concluded", () => {
  const record = recordOf(
    [0, cached("1")],
    [0, runs("2")],
    [40, step(1, 2)],
    [60, runs("3")],
    [70, step(0, 2, "3")],
    [80, step(1, 2, "3")],
    [90, { type: "success" }],
  );
  expect(record).toMatchObject({ modelLoadMs: 0, samplingMs: 60 });
});

test("a node that ran while the line was broken has no time, and the record says that it is not whole", () => {
  const record = recordOf(
    [0, cached()],
    [0, runs("1")],
    [10, { type: "disconnected" }],
    [500, runs("3")],
    [510, { type: "success" }],
  );
  expect(record).toMatchObject({ nodes: [{ node: "3", ms: 10 }], isWhole: false });
});

test("a run whose end is read over HTTP before its frame arrives is whole, if each of its nodes was heard", () => {
  const entry = { promptId: "p", status: "success" as const, outputs: [], error: null, nodeOutputs: {}, messages: [] };
  const recorder = createRunRecorder(graph);
  for (const event of [cached("1"), runs("2")]) recorder.event(event);
  expect(recorder.record(entry)).toMatchObject({ isWhole: false });
  recorder.event(runs("3"));
  expect(recorder.record(entry)).toMatchObject({ isWhole: true, nodes: [{ node: "2" }, { node: "3" }] });
});

test("of a run that nobody heard ComfyUI's own entry tells when it was, and what was cached", () => {
  const entry = {
    promptId: "p",
    status: "success" as const,
    outputs: [],
    error: null,
    nodeOutputs: {},
    messages: [
      { type: "execution_start", data: { prompt_id: "p", timestamp: 1000 } },
      { type: "execution_cached", data: { prompt_id: "p", nodes: ["1", "9"], timestamp: 1001 } },
      { type: "execution_success", data: { prompt_id: "p", timestamp: 4500 } },
    ],
  };
  expect(createRunRecorder(graph).record(entry)).toEqual({
    nodes: [],
    cached: ["1"],
    modelLoadMs: null,
    samplingMs: null,
    totalMs: 3500,
    isCold: false,
    isWhole: false,
  });
  expect(createRunRecorder(graph).record(null)).toBeNull();
});
