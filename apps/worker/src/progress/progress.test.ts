import type { Graph } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { advance, initialProgress, type ProgressFrame, reportOf, stageOf } from "./progress.ts";

const graph: Graph = {
  "1": { class_type: "CheckpointLoaderSimple", inputs: {} },
  "2": { class_type: "CLIPTextEncode", inputs: {}, _meta: { title: "Prompt" } },
  "3": { class_type: "KSampler", inputs: {}, _meta: { title: "Sampler" } },
  "4": { class_type: "VAEDecode", inputs: {} },
  "5": { class_type: "SaveImage", inputs: {} },
};

const run = (frames: readonly ProgressFrame[], of: Graph = graph, stepMs = 500) =>
  frames.reduce((state, frame, index) => advance(state, frame, index * stepMs), initialProgress(of));

const step = (value: number, max = 20, node = "3"): ProgressFrame => ({ type: "step", node, value, max });
const node = (id: string): ProgressFrame => ({ type: "node", node: id });

describe("stageOf", () => {
  test.each<[string, ProgressFrame[], string | null]>([
    ["nothing ran yet", [], null],
    ["a loader runs", [node("1")], "loading"],
    ["a text is encoded before the sampler", [node("1"), node("2")], "loading"],
    ["the sampler runs", [node("3")], "sampling"],
    ["the latent is decoded after the sampler", [node("3"), node("4")], "sampling"],
    ["a preview comes before the sampler", [node("5")], "loading"],
    ["the picture is saved", [node("3"), node("4"), node("5")], "saving"],
  ])("%s", (_name, frames, stage) => expect(stageOf(run(frames))).toBe(stage));

  test("a graph without a sampler never claims to load a model", () => {
    const card: Graph = { a: { class_type: "EmptyImage", inputs: {} }, b: { class_type: "SaveImage", inputs: {} } };
    expect(stageOf(run([node("a")], card))).toBe("sampling");
  });
});

describe("reportOf", () => {
  test("a step is told as people count them", () => {
    expect(reportOf(run([node("3"), step(7)]))).toMatchObject({
      message: "Step 7/20",
      step: 7,
      steps: 20,
      node: "3",
      nodeTitle: "Sampler",
      nodesTotal: 5,
    });
  });

  test("the percent follows the sampler and never falls, also when a custom node turns out to count", () => {
    const frames: ProgressFrame[] = [
      { type: "cached", nodes: ["1"] },
      node("2"),
      node("3"),
      ...Array.from({ length: 20 }, (_, index) => step(index + 1)),
      node("4"),
      step(1, 9, "4"),
      step(9, 9, "4"),
      node("5"),
    ];
    let state = initialProgress(graph);
    let last = 0;
    for (const [index, frame] of frames.entries()) {
      state = advance(state, frame, index);
      expect(reportOf(state).progress).toBeGreaterThanOrEqual(last);
      last = reportOf(state).progress;
    }
    expect(last).toBeGreaterThan(90);
    expect(last).toBeLessThanOrEqual(99);
  });

  test("a repeated or late step changes nothing", () => {
    const state = run([node("3"), step(7)]);
    expect(reportOf(advance(state, step(6), 99_999))).toEqual(reportOf(state));
    expect(reportOf(advance(state, step(7), 99_999))).toEqual(reportOf(state));
  });

  test("the rest is estimated from the step rate, and unknown before two steps", () => {
    expect(reportOf(run([node("3"), step(1)])).etaSeconds).toBeNull();
    const { etaSeconds } = reportOf(run([node("1"), node("2"), node("3"), step(1), step(2)]));
    // 18 steps at half a second, and two nodes whose weight is one step each.
    expect(etaSeconds).toBeCloseTo(10, 0);
  });

  test("a state frame alone is enough: which nodes are done, which one runs, and its step", () => {
    const state = run([
      {
        type: "nodes",
        nodes: [
          { node: "1", part: "1", value: 1, max: 1, isFinished: true },
          { node: "3", part: "3", value: 5, max: 20, isFinished: false },
        ],
      },
    ]);
    expect(reportOf(state)).toMatchObject({ message: "Step 5/20", nodesDone: 1, node: "3" });
    expect(stageOf(state)).toBe("sampling");
  });

  test("each sampler of an expanded node counts anew, and the node is done when it says so itself", () => {
    const frame = (
      ...parts: readonly (readonly [part: string, value: number, max: number, isFinished: boolean])[]
    ): ProgressFrame => ({
      type: "nodes",
      nodes: parts.map(([part, value, max, isFinished]) => ({ node: "3", part, value, max, isFinished })),
    });
    const whole = ["3", 0, 1, false] as const;
    const first = ["3.0.0.1", 4, 4, true] as const;
    expect(reportOf(run([frame(whole, ["3.0.0.1", 4, 4, false])]))).toMatchObject({
      message: "Step 4/4",
      nodesDone: 0,
    });
    const second = frame(whole, first, ["3.0.0.2", 1, 4, false]);
    expect(reportOf(run([frame(whole, ["3.0.0.1", 4, 4, false]), second]))).toMatchObject({
      message: "Step 1/4",
      node: "3",
      nodesDone: 0,
    });
    expect(reportOf(run([second, frame(["3", 1, 1, true], first)])).nodesDone).toBe(1);
  });

  test("a saver that counts its files, from zero, is no step of anybody's", () => {
    const websocket: Graph = { ...graph, "5": { class_type: "SaveImageWebsocket", inputs: {} } };
    const state = run([node("3"), step(20), node("5"), step(0, 4, "5"), step(3, 4, "5")], websocket);
    expect(reportOf(state)).toMatchObject({ message: "Saving", step: null, steps: null, node: "5" });
    expect(stageOf(state)).toBe("saving");
  });

  test("a node that counts from zero and nodes of another graph do no harm", () => {
    const state = run([step(0, 2), step(1, 2), node("nobody"), step(3, 4, "nobody")]);
    expect(reportOf(state)).toMatchObject({ message: "Step 1/2", node: "3" });
  });
});
