import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createSimulator } from "../simulator.ts";
import { createFrameFilter, type RawFrame } from "./normalise.ts";
import { outputOrders, readRecording } from "./recording.ts";
import { replay, type Side } from "./replay.ts";

const covered = [
  "01",
  "02a",
  "02b",
  "02c",
  "02d",
  "03",
  "04",
  "05",
  "06",
  "06b",
  "07",
  "08",
  "09",
  "11",
  "12",
  "13",
  "15",
  "16",
  "16b",
  "17",
  "21",
  "24",
] as const;

describe("the simulator speaks as the recorded ComfyUI 0.33.0 did", () => {
  it.concurrent.each(covered)("scenario %s", { timeout: 120_000 }, async (number) => {
    const recording = readRecording(number);
    const folder = mkdtempSync(join(tmpdir(), "darkroom-conformance-"));
    await prepareInput(folder);
    const orders = [...outputOrders(recording).values()];
    const simulator = await createSimulator({
      folder,
      models: {},
      outputOrder: (ids) => orders.find((order) => sameSet(order, ids)) ?? ids,
    });
    try {
      const { recorded, simulated } = await replay(recording, simulator);
      for (const [index, answer] of recorded.answers.entries()) expect(simulated.answers[index]).toEqual(answer);
      expect(simulated.answers).toHaveLength(recorded.answers.length);
      for (const name of recorded.frames.keys()) {
        expect(framesOf(simulated, name), `frames of socket ${name}`).toEqual(framesOf(recorded, name));
        expectStatuses(simulated.frames.get(name) ?? []);
      }
    } finally {
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function framesOf(side: Side, name: string): RawFrame[] {
  return (side.frames.get(name) ?? []).filter(createFrameFilter());
}

/** A status greets each socket, and one comes between an outcome and its end. */
function expectStatuses(frames: readonly RawFrame[]): void {
  if (frames.length > 0) expect(frames[0]?.type).toBe("status");
  for (const [index, frame] of frames.entries()) {
    if (frame.type !== "executing" || frame.data.node !== null) continue;
    expect(frames[index - 1]?.type).toBe("status");
  }
}

async function prepareInput(folder: string): Promise<void> {
  mkdirSync(join(folder, "input"), { recursive: true });
  const example = join(folder, "input", "example.png");
  await sharp({ create: { width: 64, height: 48, channels: 3, background: "#a37" } })
    .png()
    .toFile(example);
  copyFileSync(example, join(folder, "input", "copy.png"));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}
