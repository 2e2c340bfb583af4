import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Graph } from "./protocol/graph.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
import { createVirtualClock } from "./site/clock.ts";
import { paintingGraph } from "./testing/graphs.ts";

async function setup(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "darkroom-determinism-"));
  const simulator = await createSimulator({ folder, clock: createVirtualClock({ stepsItself: true }), ...options });
  onTestFinished(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { simulator, folder };
}

async function run(simulator: Simulator, graph: Graph, clientId = "script"): Promise<string> {
  const answer = await fetch(`${simulator.url}/prompt`, {
    method: "POST",
    body: JSON.stringify({ prompt: graph, client_id: clientId }),
  });
  const text = await answer.text();
  const { prompt_id: id } = JSON.parse(text) as { prompt_id: string };
  await simulator.control.whenEnded(id);
  return text;
}

interface Performance {
  readonly frames: readonly string[];
  readonly answers: readonly string[];
  /** Sums by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** All that a script sees and all that it leaves behind, bytes as bytes. */
async function perform(seed: number): Promise<Performance> {
  const { simulator, folder } = await setup({ seed });
  // Kept apart: an answer and a frame come over two lines, and which is read first is nobody's promise.
  const [frames, answers]: [string[], string[]] = [[], []];
  const socket = new WebSocket(`${simulator.url.replace("http", "ws")}/ws?clientId=script`);
  socket.on("message", (data: Buffer, isBinary) => {
    frames.push(isBinary ? `binary ${createHash("sha256").update(data).digest("hex")}` : data.toString());
  });
  await once(socket, "open");
  simulator.control.addFault({ kind: "outOfMemory", node: "VAEDecode" });
  const graphs: Graph[] = [
    paintingGraph({ seed: 4 }),
    paintingGraph({ seed: 4 }),
    { ...paintingGraph({ seed: 5 }), look: { class_type: "PreviewImage", inputs: { images: ["decode", 0] } } },
  ];
  for (const graph of graphs) answers.push(await run(simulator, graph));
  answers.push(await (await fetch(`${simulator.url}/history`)).text());
  answers.push(await (await fetch(`${simulator.url}/api/jobs`)).text());
  answers.push(JSON.stringify(simulator.control.ledger()));
  socket.ping();
  await once(socket, "pong");
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    files[entry.name] = createHash("sha256").update(bytes).digest("hex");
  }
  socket.terminate();
  return { frames, answers, files };
}

describe("with the virtual clock and a seed", () => {
  it("the same script gives the same frames, answers, history, ledger and files, byte for byte", async () => {
    const first = await perform(7);
    expect(first.frames.some((line) => line.startsWith("binary"))).toBe(true);
    expect(Object.keys(first.files)).toHaveLength(3);
    expect(await perform(7)).toEqual(first);
    const other = await perform(8);
    expect(Object.keys(other.files)).not.toEqual(Object.keys(first.files));
  });

  it("an hour of steps takes no hour, and is an hour by the simulator's own times", async () => {
    const { simulator } = await setup({ stepMs: 600_000, loadMs: 0, settleMs: 0 });
    await run(simulator, paintingGraph({ steps: 6 }));
    const [entry] = simulator.control.ledger();
    expect((entry?.endedAt ?? 0) - (entry?.startedAt ?? 0)).toBe(3_600_000);
  });
});

describe("a model", () => {
  const graphOf = (model: string, seed: number): Graph => {
    const graph = paintingGraph({ seed, steps: 1 });
    return { ...graph, model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: model } } };
  };

  it("costs its loading when another was in memory, in the loader's node, and nothing when it is there", async () => {
    const { simulator } = await setup({ stepMs: 0, loadMs: 5_000, settleMs: 0 });
    const [first = "", second = ""] = simulator.control.models().checkpoints ?? [];
    for (const [seed, model] of [first, first, second, first].entries()) await run(simulator, graphOf(model, seed));
    const costs = simulator.control.ledger().map(({ startedAt, endedAt }) => (endedAt ?? 0) - (startedAt ?? 0));
    expect(costs).toEqual([5_000, 0, 5_000, 5_000]);
  });

  it("shows as the loader that runs while nothing else does", async () => {
    const clock = createVirtualClock({ stepsItself: false });
    const { simulator } = await setup({ clock });
    const socket = new WebSocket(`${simulator.url.replace("http", "ws")}/ws?clientId=a`);
    const frames: { type: string; data: Record<string, unknown> }[] = [];
    socket.on("message", (data, isBinary) => void (isBinary || frames.push(JSON.parse(data.toString()))));
    await once(socket, "open");
    const body = JSON.stringify({ prompt: graphOf("sd_xl_base_1.0.safetensors", 1), client_id: "a" });
    await fetch(`${simulator.url}/prompt`, { method: "POST", body });
    while (clock.waiting() === 0) {
      socket.ping();
      await once(socket, "pong");
    }
    socket.ping();
    await once(socket, "pong");
    expect(frames.at(-1)).toMatchObject({ type: "executing", data: { node: "model" } });
    const stats = async () =>
      (await (await fetch(`${simulator.url}/system_stats`)).json()) as { devices: { vram_free: number }[] };
    const before = (await stats()).devices[0]?.vram_free ?? 0;
    clock.step();
    while (clock.waiting() === 0) {
      socket.ping();
      await once(socket, "pong");
    }
    expect((await stats()).devices[0]?.vram_free).toBeLessThan(before);
    socket.terminate();
  });
});
