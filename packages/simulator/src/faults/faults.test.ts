import { once } from "node:events";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator.ts";
import { paintingGraph } from "../testing/graphs.ts";
import { type Ended, runGraph, submitGraph } from "../testing/run-graph.ts";
import type { FaultInput } from "./fault.ts";

let simulator: Simulator;

async function setup(faults: readonly FaultInput[], options: SimulatorOptions = {}): Promise<void> {
  simulator = await createSimulator({ speed: 100, ...options });
  for (const fault of faults) simulator.control.addFault(fault);
}

afterEach(() => simulator.close());

interface Line {
  readonly socket: WebSocket;
  readonly frames: { type: string; data: Record<string, unknown> }[];
  readonly closed: Promise<number>;
}

async function dial(clientId = "a"): Promise<Line> {
  const socket = new WebSocket(`${simulator.url.replace("http", "ws")}/ws?clientId=${clientId}`);
  const frames: Line["frames"] = [];
  socket.on("message", (data, isBinary) => {
    if (!isBinary) frames.push(JSON.parse(data.toString()));
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  return { socket, frames, closed };
}

async function pongs({ socket }: Line): Promise<void> {
  socket.ping();
  await once(socket, "pong");
}

const typesOf = ({ frames }: Line): string[] => frames.map(({ type }) => type);
const get = (path: string): Promise<Response> => fetch(simulator.url + path);
const small = (seed = 1) => paintingGraph({ seed, steps: 3, side: 32 });
const lastMessage = (ended: Ended) => ended.status.messages.at(-1);

async function download({ outputs }: Ended): Promise<Response> {
  const [file] = (outputs.save?.images ?? []) as { filename: string }[];
  return get(`/view?filename=${file?.filename}&type=output`);
}

describe("a fault of the line", () => {
  it("refuse: nobody answers, then it is back on the same port", async () => {
    await setup([]);
    const line = await dial();
    simulator.control.addFault({ kind: "refuse", forMs: 3_600_000 });
    expect(await line.closed).toBe(1006);
    await expect(get("/queue")).rejects.toThrow("fetch failed");
    simulator.control.liftFaults();
    await expect.poll(async () => (await get("/queue")).status).toBe(200);
  });

  it("delay: the answer comes later, on that path alone", async () => {
    await setup([{ kind: "delay", ms: 150, path: "/queue" }]);
    const begun = performance.now();
    await get("/prompt");
    const other = performance.now() - begun;
    await get("/api/queue");
    expect(performance.now() - begun - other).toBeGreaterThanOrEqual(149);
  });

  it("hang: the request is taken and never answered, and lifting it cuts the line", async () => {
    await setup([{ kind: "hang", path: "/queue", times: 1 }]);
    const hanging = get("/queue").then(
      () => "answered",
      () => "cut",
    );
    await expect.poll(() => simulator.control.faults()).toMatchObject([{ struck: 1 }]);
    expect(await Promise.race([hanging, get("/queue").then(() => "another answered")])).toBe("another answered");
    simulator.control.liftFaults();
    expect(await hanging).toBe("cut");
  });

  it("fail: the status, as often as asked for, and nothing done", async () => {
    await setup([{ kind: "fail", status: 502, path: "/prompt", times: 1 }]);
    const post = () => fetch(`${simulator.url}/prompt`, { method: "POST", body: JSON.stringify({ prompt: small() }) });
    expect((await post()).status).toBe(502);
    expect(simulator.control.ledger()).toEqual([]);
    expect((await post()).status).toBe(200);
  });
});

describe("a fault of a node", () => {
  it("stall: the node stops at its step, deaf to an interrupt, and goes on once it is lifted", async () => {
    await setup([{ kind: "stall", node: "KSampler", step: 2 }]);
    const line = await dial();
    const { ended } = await submitGraph(simulator, small(), "a");
    await expect.poll(() => simulator.control.faults()).toMatchObject([{ struck: 1 }]);
    await fetch(`${simulator.url}/interrupt`, { method: "POST" });
    await pongs(line);
    expect(line.frames.filter(({ type }) => type === "progress").map(({ data }) => data.value)).toEqual([1]);
    simulator.control.liftFaults();
    expect(lastMessage(await ended)).toMatchObject(["execution_interrupted", { node_id: "sampler" }]);
  });

  it("stall: an interruptible one ends by an interrupt", async () => {
    await setup([{ kind: "stall", interruptible: true }]);
    const { ended } = await submitGraph(simulator, small());
    await expect.poll(() => simulator.control.faults()).toMatchObject([{ struck: 1 }]);
    await fetch(`${simulator.url}/interrupt`, { method: "POST" });
    expect(lastMessage(await ended)).toMatchObject(["execution_interrupted", {}]);
  });

  it("outOfMemory: the recorded text, for the prompt that is named, once", async () => {
    const promptId = "00000000-0000-4000-8000-000000000001";
    await setup([{ kind: "outOfMemory", promptId, node: "sampler" }]);
    expect(lastMessage(await runGraph(simulator, small(1)))).toMatchObject(["execution_success", {}]);
    const failed = await (await submitGraph(simulator, small(2), "a", promptId)).ended;
    expect(lastMessage(failed)).toMatchObject([
      "execution_error",
      {
        node_type: "KSampler",
        exception_type: "torch.OutOfMemoryError",
        exception_message: expect.stringMatching(/^Allocation on device \nThis error means you ran out of memory/),
      },
    ]);
    expect(simulator.control.faults()).toEqual([]);
  });

  it("exception: this type, this text, at this node", async () => {
    await setup([{ kind: "exception", node: "VAEDecode", type: "ValueError", message: "bad latent" }]);
    expect(lastMessage(await runGraph(simulator, small()))).toMatchObject([
      "execution_error",
      { node_id: "decode", exception_type: "ValueError", exception_message: "bad latent\n" },
    ]);
  });

  it("kill: the line ends with 1006 in the middle of the step, and nothing of the run is kept", async () => {
    await setup([{ kind: "kill", node: "sampler", step: 2 }]);
    const line = await dial();
    await submitGraph(simulator, small(), "a");
    expect(await line.closed).toBe(1006);
    expect(typesOf(line)).not.toContain("execution_success");
    expect(simulator.control.ledger()).toMatchObject([{ outcome: "running" }]);
    await expect(get("/queue")).rejects.toThrow("fetch failed");
  });
});

describe("a fault of a socket", () => {
  it("silentSocket: it opens and pongs, and brings nothing until it is lifted", async () => {
    await setup([{ kind: "silentSocket" }]);
    const line = await dial();
    await runGraph(simulator, small(), "a");
    await pongs(line);
    expect(line.frames).toEqual([]);
    simulator.control.liftFaults();
    await runGraph(simulator, small(2), "a");
    await pongs(line);
    expect(typesOf(line)).toContain("execution_success");
  });

  it("zombieSocket: an open one is forgotten, a new one gets everything", async () => {
    await setup([]);
    const zombie = await dial("z");
    await pongs(zombie);
    simulator.control.addFault({ kind: "zombieSocket" });
    const fresh = await dial("a");
    await runGraph(simulator, small(), "a");
    await Promise.all([pongs(zombie), pongs(fresh)]);
    expect(typesOf(zombie)).toEqual(["status"]);
    expect(typesOf(fresh)).toContain("execution_success");
    expect(simulator.control.faults()).toEqual([]);
  });

  it("dropSocket: it is cut after so many frames, without a closing one", async () => {
    await setup([]);
    const line = await dial();
    await pongs(line);
    simulator.control.addFault({ kind: "dropSocket", afterFrames: 4 });
    await runGraph(simulator, small(), "a");
    expect(await line.closed).toBe(1006);
    expect(typesOf(line)).toEqual(["status", "status", "status", "execution_start", "execution_cached"]);
  });
});

describe("a fault of an output", () => {
  it.each(["corrupt", "truncated", "empty"] as const)("badOutput: %s, and the next one is whole", async (how) => {
    await setup([{ kind: "badOutput", how }]);
    const bad = Buffer.from(await (await download(await runGraph(simulator, small()))).arrayBuffer());
    await expect((async () => sharp(bad, { failOn: "error" }).raw().toBuffer())()).rejects.toThrow();
    if (how === "empty") expect(bad).toHaveLength(0);
    else expect(bad.toString("latin1", 1, 4)).toBe("PNG");
    const good = Buffer.from(await (await download(await runGraph(simulator, small(2)))).arrayBuffer());
    expect(await sharp(good).metadata()).toMatchObject({ width: 32 });
  });

  it("slowDownload: no faster than this", async () => {
    await setup([]);
    const ended = await runGraph(simulator, small());
    const size = (await (await download(ended)).arrayBuffer()).byteLength;
    simulator.control.addFault({ kind: "slowDownload", bytesPerSecond: size * 4 });
    const begun = performance.now();
    expect((await (await download(ended)).arrayBuffer()).byteLength).toBe(size);
    expect(performance.now() - begun).toBeGreaterThan(200);
  });

  it("cutDownload: the line ends in the middle of the body", async () => {
    await setup([{ kind: "cutDownload", afterBytes: 10 }]);
    const ended = await runGraph(simulator, small());
    await expect(download(ended).then((response) => response.arrayBuffer())).rejects.toThrow("terminated");
    expect((await (await download(ended)).arrayBuffer()).byteLength).toBeGreaterThan(10);
  });
});

describe("a fault of the server's memory", () => {
  it("loseHistory: what has ended is forgotten, and so is what ends from now on", async () => {
    await setup([]);
    const { promptId } = await runGraph(simulator, small());
    simulator.control.addFault({ kind: "loseHistory" });
    const lost = await submitGraph(simulator, small(2));
    await simulator.control.whenEnded(lost.promptId);
    for (const id of [promptId, lost.promptId]) expect(await (await get(`/history/${id}`)).json()).toEqual({});
    expect(simulator.control.ledger().map(({ outcome }) => outcome)).toEqual(["success", "success"]);
  });

  it("deadWorker: prompts are accepted and none begins, until it is lifted", async () => {
    await setup([{ kind: "deadWorker" }]);
    const { ended } = await submitGraph(simulator, small());
    expect(await (await get("/queue")).json()).toMatchObject({ queue_running: [], queue_pending: [{}] });
    simulator.control.liftFaults();
    expect((await ended).status.status_str).toBe("success");
  });
});

describe("the control endpoint", () => {
  const control = async (body: unknown) => {
    const answer = await fetch(`${simulator.url}/simulator/control`, { method: "POST", body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it("lists what exists, what it takes, and what is active; adds and lifts", async () => {
    await setup([{ kind: "hang" }]);
    const { body } = await control({ faults: [{ kind: "outOfMemory", node: "KSampler" }] });
    const { kinds, active } = body.faults as { kinds: { kind: string; fields: object }[]; active: { id: string }[] };
    expect(kinds.map(({ kind }) => kind)).toEqual(
      "refuse delay hang fail stall outOfMemory exception kill silentSocket zombieSocket dropSocket badOutput slowDownload cutDownload loseHistory deadWorker".split(
        " ",
      ),
    );
    expect(kinds.find(({ kind }) => kind === "badOutput")?.fields).toMatchObject({
      how: { enum: ["corrupt", "truncated", "empty"] },
    });
    expect(active).toMatchObject([
      { fault: { kind: "hang" }, struck: 0 },
      { fault: { kind: "outOfMemory", node: "KSampler", times: 1 }, struck: 0 },
    ]);
    const lifted = await control({ lift: [active[0]?.id] });
    expect(lifted.body.faults).toMatchObject({ active: [{ fault: { kind: "outOfMemory" } }] });
    expect((await control({ lift: "all" })).body.faults).toMatchObject({ active: [] });
  });

  it.each([
    { body: { faults: [{ kind: "delay" }] }, names: "faults[0].ms" },
    { body: { faults: [{ kind: "badOutput", how: "odd" }] }, names: '"corrupt"|"truncated"|"empty"' },
    { body: { faults: [{ kind: "nope" }] }, names: "faults[0].kind" },
    { body: { faults: [{ kind: "fail", status: 200 }] }, names: ">=400" },
    { body: { speed: 0 }, names: "speed" },
    { body: { lift: ["fault-9"] }, names: "fault-9" },
    { body: "junk", names: "expected object" },
  ])("refuses $body, naming the field and its rule", async ({ body, names }) => {
    await setup([]);
    const refused = await control(body);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toContain(names);
  });
});
