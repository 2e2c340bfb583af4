import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import { createSimulator, type Simulator } from "../simulator.ts";
import { createFrameFilter, type RawFrame } from "./normalise.ts";
import { outputOrders, type Recording, readRecording } from "./recording.ts";
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
  "24",
] as const;

/** Lists by creation time, recorded when two prompts had come within one millisecond: only the status must agree. */
const clockBound: Readonly<Record<string, readonly number[]>> = { "17": [65, 79, 89, 93] };
/** Its sockets come and go while a prompt runs. */
const joinedMidway = "09";
/** What had run before this recording began, by the request that ran it. */
const ranBefore: Readonly<Record<string, number>> = { "24": 6 };

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
      await runBefore(recording, ranBefore[number], simulator);
      const { recorded, simulated } = await replay(recording, simulator, number === joinedMidway);
      const loose = clockBound[number] ?? [];
      for (const [index, answer] of recorded.answers.entries()) {
        const given = simulated.answers[index];
        if (loose.some((row) => answer.request.startsWith(`${row} `))) expect(given?.status).toBe(answer.status);
        else expect(given).toEqual(answer);
      }
      expect(simulated.answers).toHaveLength(recorded.answers.length);
      for (const name of recorded.frames.keys()) {
        expect(framesOf(simulated, name, number), `frames of socket ${name}`).toEqual(framesOf(recorded, name, number));
        expectStatuses(simulated.frames.get(name) ?? []);
      }
    } finally {
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function framesOf(side: Side, name: string, scenario: string): RawFrame[] {
  return (side.frames.get(name) ?? []).filter(createFrameFilter(scenario === joinedMidway));
}

/** A status greets each socket, and one comes between an outcome and its end. */
function expectStatuses(frames: readonly RawFrame[]): void {
  if (frames.length > 0) expect(frames[0]?.type).toBe("status");
  for (const [index, frame] of frames.entries()) {
    if (frame.type !== "executing" || frame.data.node !== null) continue;
    expect(frames[index - 1]?.type).toBe("status");
  }
}

async function runBefore(recording: Recording, request: number | undefined, simulator: Simulator): Promise<void> {
  const row = recording.rows.find((candidate) => candidate.seq === request);
  if (row?.kind !== "http-request") return;
  await fetch(`${simulator.url}/prompt`, { method: "POST", body: row.request.body ?? "" });
  await vi.waitFor(() => expect(simulator.control.ledger()[0]?.outcome).toBe("success"));
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
