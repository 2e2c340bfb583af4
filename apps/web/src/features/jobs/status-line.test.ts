import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spokenGerman } from "../../language/de/index.ts";
import { speak } from "../../language/spoken.ts";
import { pictureTime, shortLine, statusLine } from "./status-line.ts";

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

const run = (seconds: number) => ({ durations: { ...none, run: seconds } });
const pictures = (...kinds: Told["outputs"][number]["kind"][]) => ({
  outputs: kinds.map((kind) => ({ kind }) as Told["outputs"][number]),
});

describe("a card shows the line without what the picture, the bar and the word before it say as well", () => {
  it.each<[Partial<Told>, string]>([
    [{ state: "succeeded", ...run(4.9) }, "Succeeded · 4.9 s"],
    [{ state: "succeeded", ...run(4.9), ...pictures("video", "video") }, "Succeeded · 2 videos generated in 4.9 s"],
    [{ state: "running", stage: "sampling", progress, etaSeconds: 3 }, "Step 7/20 · 3 s left"],
    [{ state: "running", stage: "saving", etaSeconds: 0.3 }, "Saving · a moment left"],
    [{ position: 1, etaSeconds: 150, etaRangeSeconds: [110, 190] }, "Queued · 2nd in line · in 2–3 min"],
    [{ etaSeconds: 6, etaRangeSeconds: [1, 14] }, "Queued · ready in up to 15 s"],
    [{ position: 0 }, "Queued · next in line"],
    [{ state: "canceled", ...run(4), savedSeconds: 12.3 }, "Canceled after 4.0 s"],
  ])("%j as %s", (changes, short) => expect(shortLine({ ...base, ...changes })).toBe(short));
});

describe("in German", () => {
  beforeAll(() => speak(spokenGerman));
  afterAll(() => speak({ language: "en", catalogue: {} }));

  it.each<[Partial<Told>, string, string]>([
    [{ state: "succeeded", ...run(0.84) }, "Fertig · Bild erzeugt in 0,8 s", "Fertig · 0,8 s"],
    [
      { state: "running", stage: "sampling", progress, etaSeconds: 3 },
      "Schritt 7/20 (35 %) · noch etwa 3 s",
      "Schritt 7/20 · noch 3 s",
    ],
    [
      { position: 1, etaSeconds: 0.4 },
      "Wartet · an 2. Stelle · fertig in einem Moment",
      "Wartet · an 2. Stelle · fertig in einem Moment",
    ],
    [
      { state: "canceling", progress: { ...progress, message: "Not stopped yet: “Upscale” goes on" } },
      "Wird abgebrochen · noch nicht angehalten: „Upscale“ läuft weiter",
      "Wird abgebrochen · noch nicht angehalten: „Upscale“ läuft weiter",
    ],
  ])("%j is %s", (changes, line, short) => {
    expect([statusLine({ ...base, ...changes }), shortLine({ ...base, ...changes })]).toEqual([line, short]);
  });

  it("a card shows the time of a picture and has the rest of the sentence beside it", () => {
    const told = pictureTime({ ...base, state: "succeeded", ...run(0.84) });
    expect(told).toEqual({ before: "Bild erzeugt in ", time: "0,8 s", after: "" });
  });
});
