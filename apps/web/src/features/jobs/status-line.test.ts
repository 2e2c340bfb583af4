import { describe, expect, it } from "vitest";
import { shortLine, statusLine } from "./status-line.ts";

type Told = Parameters<typeof statusLine>[0];

const none = { wait: null, load: null, sample: null, run: null };
const base: Told = {
  state: "queued",
  stage: null,
  progress: null,
  position: null,
  etaSeconds: null,
  etaRangeSeconds: null,
  durations: none,
  outputs: [],
  attempt: 0,
  failure: null,
  savedSeconds: null,
};
const progress = { percent: 41, message: "", step: 7, steps: 20, nodeTitle: null, nodesDone: 1, nodesTotal: 6 };

describe("a status line begins with the state, the stage or the step", () => {
  it.each<[string, Partial<Told>, string]>([
    ["waiting", {}, "Queued"],
    ["waiting in line", { position: 1, etaSeconds: 12.4 }, "Queued · 2nd in line · ready in about 12 s"],
    [
      "waiting in line for who knows how long",
      { position: 5, etaSeconds: 150, etaRangeSeconds: [110, 190] },
      "Queued · 6th in line · ready in about 2–3 min",
    ],
    ["waiting for another try", { attempt: 1, position: 0 }, "Queued again · next in line"],
    ["preparing", { state: "running", stage: "preparing" }, "Preparing"],
    [
      "preparing behind another",
      { state: "running", stage: "preparing", progress: { ...progress, message: "Next on its server" } },
      "Preparing · next on its server",
    ],
    ["loading what may be in memory still", { state: "running", stage: "loading", progress }, "Loading"],
    [
      "loading a model",
      { state: "running", stage: "loading", progress: { ...progress, message: "Loading model" } },
      "Loading model",
    ],
    ["sampling before the first step", { state: "running", stage: "sampling" }, "Sampling"],
    ["sampling", { state: "running", stage: "sampling", progress, etaSeconds: 4 }, "Step 7/20 (35 %) · about 4 s left"],
    ["saving", { state: "running", stage: "saving", progress }, "Saving"],
    ["canceling", { state: "canceling", stage: "sampling", progress }, "Canceling"],
    [
      "canceling what does not stop",
      { state: "canceling", stage: "saving", progress: { ...progress, message: "Not stopped yet: “Upscale” goes on" } },
      "Canceling · not stopped yet: “Upscale” goes on",
    ],
    ["canceled", { state: "canceled" }, "Canceled"],
    [
      "canceled with most of its run to come",
      { state: "canceled", durations: { ...none, run: 4 }, savedSeconds: 12.3 },
      "Canceled after 4.0 s · about 12 s of GPU time saved",
    ],
    ["canceled at its end", { state: "canceled", durations: { ...none, run: 4 }, savedSeconds: 0.3 }, "Canceled"],
    ["failed", { state: "failed" }, "Failed"],
  ])("%s", (_, changes, line) => expect(statusLine({ ...base, ...changes })).toBe(line));

  it("and a finished one tells how long it took", () => {
    const durations = { ...base.durations, run: 3.21 };
    expect(statusLine({ ...base, state: "succeeded", durations })).toBe("Succeeded · Image generated in 3.2 s");
  });

  it.each([
    [["image", "image"], "2 pictures generated"],
    [["video", "video"], "2 videos generated"],
    [["image", "audio", "image"], "3 files generated"],
  ] as const)("and of %s it says %s", (kinds, made) => {
    const outputs = kinds.map((kind) => ({ kind }) as Told["outputs"][number]);
    expect(statusLine({ ...base, state: "succeeded", outputs })).toBe(`Succeeded · ${made}`);
  });
});

it.each([
  ["Succeeded · Image generated in 4.9 s", "Succeeded · 4.9 s"],
  ["Succeeded · 2 videos generated in 4.9 s", "Succeeded · 2 videos generated in 4.9 s"],
  ["Step 7/20 (35 %) · about 3 s left", "Step 7/20 · 3 s left"],
  ["Queued · 2nd in line · ready in about 2–3 min", "Queued · 2nd in line · in 2–3 min"],
  ["Queued · next in line", "Queued · next in line"],
  ["Canceled after 4.0 s · about 12 s of GPU time saved", "Canceled after 4.0 s · about 12 s of GPU time saved"],
])("%s fits a card as %s", (line, short) => expect(shortLine(line)).toBe(short));
