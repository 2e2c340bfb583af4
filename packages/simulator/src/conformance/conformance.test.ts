import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import type { SimulatedVersion } from "../protocol/dialect.ts";
import { createSimulator, type Simulator } from "../simulator.ts";
import { createVirtualClock, type VirtualClock } from "../site/clock.ts";
import { createFrameFilter, type RawFrame } from "./normalise.ts";
import { listRecordings, outputOrders, type Recording, readRecording } from "./recording.ts";
import { replay, type Side } from "./replay.ts";

/** What must be there, and pass. */
const scenarios: Readonly<Partial<Record<SimulatedVersion, readonly string[]>>> = {
  "0.33.0": (
    "01-connect-handshake 02a-success-progress-legacy-previews 02b-success-progress-metadata-previews " +
    "02c-success-png-previews 02d-http-only-no-client-id 03-success-all-cached 04-validation-errors " +
    "05-execution-error 06-interrupt 06b-interrupt-too-late 07-delete-queued 08-two-clients 09-reconnect-mid-run " +
    "10a-kill-9-mid-run 10b-sigterm-mid-run 10c-sigint-mid-run 11-history-shapes 12-view 13-upload " +
    "14-info-endpoints 15-batch-and-lists 16-prompt-options 16b-tie-break 17-jobs-api 18-video-audio-text " +
    "18b-video 19-worker-thread-dies 20-idle-and-ping 21-cached-output-file-deleted 22-history-race " +
    "22b-neither-in-queue-nor-history 23-big-numbers 24-cache-reach"
  ).split(" "),
  "0.3.64": (
    "01-connect-handshake 02a-success-progress-legacy-previews 02b-success-progress-metadata-previews " +
    "02c-success-png-previews 02d-http-only-no-client-id 03-success-all-cached 04-validation-errors " +
    "05-execution-error 06-interrupt 07-delete-queued 08-two-clients 09-reconnect-mid-run 11-history-shapes " +
    "16-prompt-options"
  ).split(" "),
};

/** Answers of which only the status can agree, by request, and why. */
const statusOnly: Readonly<Record<string, readonly number[]>> = {
  // Lists by creation time, recorded when two prompts had come within one millisecond.
  "17-jobs-api": [65, 79, 89, 93],
  // What lies on a server's disk, its log, its frontend's texts, and all its 886 classes.
  "14-info-endpoints": [18, 40, 44, 46, 90, 92],
};

/** Its sockets come and go while a prompt runs. */
const joinedMidway = "09-reconnect-mid-run";
/** What had run before the recording began, by the request that ran it. */
const ranBefore: Readonly<Record<string, number>> = { "24-cache-reach": 6 };
const inputFiles: Readonly<Record<string, readonly string[]>> = {
  "14-info-endpoints": ["up-220b81 (1).png", "up-220b81.png", "ünï cöde 220b81.png"],
};

const cases = Object.entries(scenarios).flatMap(([version, names]) =>
  names.map((name) => ({ version: version as SimulatedVersion, name })),
);

describe("the simulator speaks as the recorded ComfyUI did", () => {
  it.each(Object.keys(scenarios) as SimulatedVersion[])("every recording of %s is here, and no other", (version) => {
    expect(listRecordings(version)).toEqual(scenarios[version]);
  });

  it.concurrent.each(cases)("$version $name", { timeout: 60_000 }, async ({ version, name }) => {
    const recording = readRecording(version, name);
    const folder = mkdtempSync(join(tmpdir(), "darkroom-conformance-"));
    await prepareInput(folder, inputFiles[name] ?? ["copy.png"]);
    const clock = createVirtualClock({ stepsItself: false });
    const orders = outputOrders(recording);
    const start = (port: number): Promise<Simulator> =>
      createSimulator({
        port,
        version,
        clock,
        folder,
        models: {},
        outputOrder: (ids) => orders.find((order) => sameSet(order, ids)) ?? ids,
      });
    const started = [await start(0)];
    const [first] = started as [Simulator];
    try {
      if (name === "18-video-audio-text") failAsRecorded(first);
      await runBefore(recording, ranBefore[name], first, clock);
      const restart = async (): Promise<Simulator> => {
        const next = await start(first.port);
        started.push(next);
        return next;
      };
      const stage = { simulator: first, folder, clock, restart };
      const manner = { joinsMidway: name === joinedMidway, statusOnly: statusOnly[name] ?? [] };
      const { recorded, simulated } = await replay(recording, stage, manner);
      for (const [index, answer] of recorded.answers.entries()) expect(simulated.answers[index]).toEqual(answer);
      expect(simulated.answers).toHaveLength(recorded.answers.length);
      expect(simulated.closeCodes).toEqual(recorded.closeCodes);
      for (const conn of recorded.frames.keys()) {
        expect(framesOf(simulated, conn, name), `frames of socket ${conn}`).toEqual(framesOf(recorded, conn, name));
        expectStatuses(simulated.frames.get(conn) ?? []);
      }
    } finally {
      for (const simulator of started) await simulator.close();
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

/** The recorded installation had a library too old for SaveVideo; 18b shows one that was not. */
function failAsRecorded({ control }: Simulator): void {
  const message =
    "'av.video.frame.VideoFrame' object has no attribute 'color_primaries' and no __dict__ for setting new attributes";
  control.addFault({ kind: "exception", node: "SaveVideo", times: 2, type: "AttributeError", message });
}

async function runBefore(
  recording: Recording,
  request: number | undefined,
  simulator: Simulator,
  clock: VirtualClock,
): Promise<void> {
  const row = recording.rows.find((candidate) => candidate.seq === request);
  if (row?.kind !== "http-request") return;
  await fetch(`${simulator.url}/prompt`, { method: "POST", body: row.request.body ?? "" });
  await vi.waitFor(() => {
    clock.step();
    expect(simulator.control.ledger()[0]?.outcome).toBe("success");
    expect(clock.waiting()).toBe(0);
  }, 30_000);
}

async function prepareInput(folder: string, copies: readonly string[]): Promise<void> {
  mkdirSync(join(folder, "input"), { recursive: true });
  const example = join(folder, "input", "example.png");
  await sharp({ create: { width: 64, height: 48, channels: 3, background: "#a37" } })
    .png()
    .toFile(example);
  for (const copy of copies) copyFileSync(example, join(folder, "input", copy));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}
