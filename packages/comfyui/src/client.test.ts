import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Simulator } from "@darkroom/simulator";
import { createSimulator, type SimulatorOptions } from "@darkroom/simulator";
import { paintingGraph, slowGraph } from "@darkroom/simulator/testing";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import { type ComfyClient, createComfyClient } from "./client.ts";
import { ComfyProtocolError, ComfyUnreachable, PromptRejected } from "./errors.ts";
import type { ComfyEvent } from "./events.ts";
import { nodeCatalog } from "./node-catalog.ts";
import { nodeInfo } from "./node-info.ts";
import type { Subscription } from "./subscriptions.ts";

const open: { close(): Promise<void> }[] = [];

async function setup(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; client: ComfyClient }> {
  const simulator = await createSimulator({ speed: 20, ...options });
  const client = createComfyClient({ baseUrl: simulator.url });
  open.push(simulator, client);
  await client.connect();
  return { simulator, client };
}

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function until(subscription: Subscription, type: ComfyEvent["type"]): Promise<ComfyEvent[]> {
  const seen: ComfyEvent[] = [];
  for (;;) {
    const { done, value } = await subscription.next();
    if (done === true) return seen;
    seen.push(value);
    if (value.type === type) return seen;
  }
}

async function run(client: ComfyClient, graph: Record<string, unknown>): Promise<{ id: string; events: ComfyEvent[] }> {
  const id = randomUUID();
  const subscription = client.subscribe(id);
  await client.submit({ graph, promptId: id });
  return { id, events: await until(subscription, "end") };
}

/** The paths that a call asks for. */
async function askedBy(call: () => Promise<unknown>): Promise<string[]> {
  const paths: string[] = [];
  const note = (message: unknown): void => void paths.push((message as { request: ClientRequest }).request.path);
  subscribe("http.client.request.start", note);
  await call();
  unsubscribe("http.client.request.start", note);
  return paths;
}

describe("a prompt", () => {
  it("is followed from its start to a file that can be fetched", async () => {
    const { client } = await setup({ speed: 2 });
    const { id, events } = await run(client, paintingGraph());

    const outcome = events.map((event) => event.type).filter((type) => type !== "queue-remaining");
    expect(outcome.slice(0, 2)).toEqual(["start", "cached"]);
    expect(outcome.slice(-2)).toEqual(["success", "end"]);
    expect(events.find((event) => event.type === "preview")).toMatchObject({ node: "sampler", mimeType: "image/jpeg" });

    const found = await client.locate(id);
    if (found.where !== "ended") throw new Error(`the prompt is ${found.where}`);
    expect(found.entry).toMatchObject({ promptId: id, status: "success", error: null });
    const [file] = found.entry.outputs;
    if (file === undefined) throw new Error("no file");
    expect(file).toMatchObject({ nodeId: "save", type: "output", kind: "image" });
    const view = await client.view(file);
    const bytes = await buffer(view.body);
    expect(view.sizeBytes).toBe(bytes.length);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width: 64, height: 64 });
  });

  it("whose end was heard is found by one question, and by all of them if it still runs or is forgotten", async () => {
    const { client, simulator } = await setup();
    const { id } = await run(client, paintingGraph());
    expect(await askedBy(() => client.locate(id, { isOver: true }))).toEqual([`/history/${id}`]);
    simulator.control.addFault({ kind: "loseHistory" });
    expect(await client.locate(id, { isOver: true })).toEqual({ where: "absent" });
    const running = randomUUID();
    await client.submit({ graph: slowGraph(60), promptId: running });
    expect(await client.locate(running, { isOver: true })).toMatchObject({ where: "running" });
  });

  it("paints the same picture for the same words and seed, and another for another seed", async () => {
    const { client } = await setup({ speed: 100 });
    async function picture(seed: number): Promise<string> {
      await client.free({ memory: true });
      const { id } = await run(client, paintingGraph({ seed, steps: 1 }));
      const file = (await client.history(id))?.outputs[0];
      if (file === undefined) throw new Error("no file");
      const bytes = await buffer((await client.view(file)).body);
      return (await sharp(bytes).raw().toBuffer()).toString("base64");
    }
    const first = await picture(1);
    expect(await picture(1)).toBe(first);
    expect(await picture(2)).not.toBe(first);
  });

  it("is refused with the node, the field and what would have been allowed", async () => {
    const { client } = await setup();
    const graph = paintingGraph();
    graph.model = { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "nope.safetensors" } };
    const refusal = await client.submit({ graph, promptId: randomUUID() }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PromptRejected);
    expect(refusal).toMatchObject({
      type: "prompt_outputs_failed_validation",
      nodeErrors: [
        {
          nodeId: "model",
          classType: "CheckpointLoaderSimple",
          errors: [
            {
              type: "value_not_in_list",
              inputName: "ckpt_name",
              received: "nope.safetensors",
              allowed: expect.arrayContaining(["darkroom-simulator-xl.safetensors"]),
            },
          ],
        },
      ],
    });
  });

  it("has every digit of a number that JavaScript cannot hold", async () => {
    const { client } = await setup();
    const graph = paintingGraph();
    const submit = (digits: string) => {
      Object.assign(graph.sampler?.inputs ?? {}, { seed: { $integer: digits } });
      return client.submit({ graph, promptId: randomUUID() });
    };
    await submit("18446744073709551615");
    await expect(submit("18446744073709551616")).rejects.toMatchObject({
      nodeErrors: [{ nodeId: "sampler", errors: [{ type: "value_bigger_than_max", inputName: "seed" }] }],
    });
  });

  it("of which only a part is valid does not run at all", async () => {
    const { client, simulator } = await setup();
    const blocker = randomUUID();
    await client.submit({ graph: slowGraph(60), promptId: blocker });
    const promptId = randomUUID();
    const graph = { ...slowGraph(0), broken: { class_type: "SaveImage", inputs: { filename_prefix: "x" } } };
    await expect(client.submit({ graph, promptId })).rejects.toMatchObject({
      code: "PROMPT_REJECTED",
      nodeErrors: [{ nodeId: "broken" }],
    });
    expect(await client.locate(promptId)).toEqual({ where: "absent" });
    expect(simulator.control.ledger().find((entry) => entry.promptId === promptId)).toMatchObject({ runs: 0 });
  });

  it("that fails says which node and why, and is found as an error", async () => {
    const { client } = await setup();
    const { id, events } = await run(client, {
      image: { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
      bad: {
        class_type: "ProbeRaise",
        inputs: { image: ["image", 0], kind: "OutOfMemory", message: "Allocation on device " },
      },
      save: { class_type: "SaveImage", inputs: { images: ["bad", 0], filename_prefix: "x" } },
    });
    const failure = { nodeId: "bad", nodeType: "ProbeRaise", exceptionType: "torch.OutOfMemoryError" };
    expect(events.find((event) => event.type === "error")).toMatchObject({ blocked: false, failure });
    expect(await client.history(id)).toMatchObject({ status: "error", error: failure, outputs: [] });
  });

  it("whose output was blocked is not taken for failed", async () => {
    const { client } = await setup();
    const { id, events } = await run(client, {
      image: { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
      block: { class_type: "ProbeBlock", inputs: { image: ["image", 0], message: "no" } },
      save: { class_type: "SaveImage", inputs: { images: ["block", 0], filename_prefix: "x" } },
    });
    expect(events.find((event) => event.type === "error")).toMatchObject({ blocked: true });
    expect(events.map((event) => event.type)).toContain("success");
    expect(await client.history(id)).toMatchObject({ status: "success", outputs: [] });
  });

  it("is told though its frames and history hold NaN", async () => {
    const { client } = await setup();
    const { id, events } = await run(client, {
      odd: { class_type: "ProbeNaNUi", inputs: { kind: "nan" } },
      endless: { class_type: "ProbeNaNUi", inputs: { kind: "inf" } },
    });
    expect(events.filter((event) => event.type === "executed")).toMatchObject([
      { node: "odd", output: { numbers: [null] } },
      { node: "endless", output: { numbers: [null] } },
    ]);
    expect(await client.history(id)).toMatchObject({ status: "success" });
    expect(client.frameCounts()).toMatchObject({ unknown: 0, malformed: 0 });
  });
});

describe.each(["0.3.64", "0.8.0"] as const)("a server of %s", (version) => {
  it("is driven like a new one, and asked once for what it may not have", async () => {
    const { client } = await setup({ version, speed: 5 });
    expect((await client.systemStats()).version).toBe(version);
    const { id, events } = await run(client, paintingGraph({ steps: 2 }));
    expect(events.flatMap((event) => (event.type === "preview" ? [event.node] : []))).toEqual(["sampler", "sampler"]);
    expect(await client.history(id)).toMatchObject({ status: "success", outputs: [{ filename: "test_00001_.png" }] });
    const unknown = { ...paintingGraph(), save: { class_type: "NoSuchNode", inputs: {} } };
    const refusal = client.submit({ graph: unknown, promptId: randomUUID() });
    await expect(refusal).rejects.toMatchObject({ code: "PROMPT_REJECTED", type: "invalid_prompt" });

    const [running, waiting] = [randomUUID(), randomUUID()];
    const subscription = client.subscribe(running);
    await client.submit({ graph: paintingGraph({ steps: 4000 }), promptId: running });
    await client.submit({ graph: paintingGraph({ steps: 4000, seed: 2 }), promptId: waiting });
    await until(subscription, "progress");
    expect([await client.cancel(waiting), await client.cancel(running)]).toEqual([null, null]);
    expect((await until(subscription, "end")).map(({ type }) => type)).toContain("interrupted");
    expect(await client.locate(waiting)).toEqual({ where: "absent" });
    expect(await client.history(running)).toMatchObject({ status: "interrupted" });
  });
});

describe("a seed", () => {
  it("of 2^53 - 1 arrives with every digit", async () => {
    const { client, simulator } = await setup();
    const promptId = randomUUID();
    await client.submit({ graph: paintingGraph({ seed: Number.MAX_SAFE_INTEGER, steps: 1 }), promptId });
    const [queue, history] = await Promise.all(
      ["/queue", `/history/${promptId}`].map(async (path) => (await fetch(`${simulator.url}${path}`)).text()),
    );
    expect(`${queue}${history}`).toContain('"seed": 9007199254740991');
  });
});

describe("frames of a prompt that is not ours", () => {
  it("are left out and counted, also those that ComfyUI sends to everybody", async () => {
    const { client, simulator } = await setup({ speed: 5 });
    const theirs = paintingGraph({ seed: 7, steps: 3 });
    await fetch(`${simulator.url}/prompt`, { method: "POST", body: JSON.stringify({ prompt: theirs }) });
    const { events } = await run(client, paintingGraph({ steps: 2 }));
    expect(client.frameCounts().foreign).toBeGreaterThan(0);
    expect(events.filter(({ type }) => type === "preview")).toHaveLength(2);
    const steps = events.flatMap((event) => (event.type === "progress" ? [event.max] : []));
    expect(new Set(steps)).toEqual(new Set([2]));
  });
});

describe("two prompts of one client", () => {
  it("are told apart", async () => {
    const { client } = await setup();
    const ids = [randomUUID(), randomUUID()] as const;
    const watched = ids.map((id) => client.subscribe(id));
    for (const [index, id] of ids.entries()) {
      await client.submit({ graph: paintingGraph({ seed: index, steps: 2 }), promptId: id });
    }
    const [first = [], second = []] = await Promise.all(watched.map((subscription) => until(subscription, "end")));
    for (const events of [first, second]) {
      expect(events.filter((event) => event.type === "start")).toHaveLength(1);
      expect(events.filter((event) => event.type === "executed")).toHaveLength(1);
      expect(events.some((event) => event.type === "preview")).toBe(true);
    }
    expect(second.find((event) => event.type === "cached")).toMatchObject({ nodes: expect.arrayContaining(["model"]) });
  });

  it("are located running and pending, and a deleted one nowhere", async () => {
    const { client } = await setup();
    const [running, waiting] = [randomUUID(), randomUUID()];
    const subscription = client.subscribe(running);
    await client.submit({ graph: slowGraph(60), promptId: running });
    await client.submit({ graph: slowGraph(59), promptId: waiting });
    await until(subscription, "node");
    expect(await client.locate(running)).toEqual({ where: "running" });
    expect(await client.locate(waiting)).toEqual({ where: "pending", isNext: false });
    expect(await client.queue()).toEqual({ running: [running], pending: [waiting] });
    await client.deletePending([waiting]);
    expect(await client.locate(waiting)).toEqual({ where: "absent" });
  });
});

describe("an interrupt", () => {
  it("stops the prompt it names and leaves another's alone", async () => {
    const { client, simulator } = await setup({ speed: 5 });
    const other = createComfyClient({ baseUrl: simulator.url });
    open.push(other);
    await other.connect();
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const [watchMine, watchTheirs] = [client.subscribe(mine), other.subscribe(theirs)];
    await other.submit({ graph: paintingGraph({ steps: 8 }), promptId: theirs });
    await client.submit({ graph: paintingGraph({ steps: 400, seed: 2 }), promptId: mine });

    await until(watchTheirs, "progress");
    // Still waiting: an interrupt by id must do nothing to whoever runs.
    await client.interrupt(mine);
    expect((await until(watchTheirs, "end")).map((event) => event.type)).toContain("success");

    await until(watchMine, "progress");
    await client.interrupt(mine);
    expect((await until(watchMine, "end")).map((event) => event.type)).toContain("interrupted");
    expect(await client.history(mine)).toMatchObject({ status: "interrupted", error: null });
  });
});

describe("a cancel", () => {
  it("stops what runs, takes back what waits, and says so in ComfyUI's own words", async () => {
    const { client } = await setup();
    const [running, waiting, ended] = [randomUUID(), randomUUID(), (await run(client, slowGraph(0))).id];
    const subscription = client.subscribe(running);
    await client.submit({ graph: paintingGraph({ steps: 4000 }), promptId: running });
    await client.submit({ graph: paintingGraph({ steps: 4000, seed: 2 }), promptId: waiting });
    await until(subscription, "progress");
    expect(await client.cancel(waiting)).toBe(true);
    expect(await client.locate(waiting)).toEqual({ where: "absent" });
    expect(await client.cancel(ended)).toBe(false);
    expect(await client.cancel(running)).toBe(true);
    expect((await until(subscription, "end")).map(({ type }) => type)).toContain("interrupted");
  });
});

describe("the socket", () => {
  it("comes back under the same id after it was cut, and brings the rest of the run", async () => {
    const { client, simulator } = await setup({ speed: 1 });
    const id = randomUUID();
    const subscription = client.subscribe(id);
    await client.submit({ graph: paintingGraph({ steps: 10 }), promptId: id });
    await until(subscription, "progress");
    simulator.control.dropSockets();
    const rest = await until(subscription, "end");
    const types = rest.map((event) => event.type);
    expect(types.indexOf("disconnected")).toBeLessThan(types.indexOf("connected"));
    expect(types).toContain("preview");
    expect(types.slice(-1)).toEqual(["end"]);
    expect(client.isOpen()).toBe(true);
  });

  it("is redialled when a status that an own prompt must cause does not come", async () => {
    const simulator = await createSimulator({ speed: 20 });
    const client = createComfyClient({ baseUrl: simulator.url, silenceMs: 50 });
    open.push(simulator, client);
    await client.connect();
    const rival = createComfyClient({ baseUrl: simulator.url, clientId: client.clientId });
    await rival.connect();
    // The rival took over the id and unregisters it when it goes: our socket is open and deaf.
    await rival.close();
    const reconnected = new Promise<void>((resolve) => void client.on("connected", resolve));
    await client.submit({ graph: slowGraph(0.1), promptId: randomUUID() });
    await reconnected;
    const { events } = await run(client, paintingGraph({ steps: 1 }));
    expect(events.map((event) => event.type)).toContain("success");
  });

  it("whose address has a password does not tell it when it fails", async () => {
    const client = createComfyClient({ baseUrl: "http://me:secret@127.0.0.1:1" });
    open.push(client);
    const failure: unknown = await client.queue().catch((error: unknown) => error);
    expect(String(failure)).toMatch(/^ComfyUnreachable: ComfyUI at http:\/\/127\.0\.0\.1:1 is unreachable/);
  });

  it("that nobody answers makes connect fail with ComfyUnreachable", async () => {
    const simulator = await createSimulator();
    await simulator.close();
    const client = createComfyClient({ baseUrl: simulator.url });
    open.push(client);
    await expect(client.connect()).rejects.toBeInstanceOf(ComfyUnreachable);
    await expect(client.queue()).rejects.toBeInstanceOf(ComfyUnreachable);
    expect(client.isOpen()).toBe(false);
  });
});

describe("files", () => {
  it("go up as they come under a name that a node takes, and a missing one is a 404", async () => {
    const { client } = await setup();
    const data = await sharp({ create: { width: 20, height: 10, channels: 3, background: "#f80" } })
      .png()
      .toBuffer();
    const broken = new Error("the disk is gone");
    async function* half(): AsyncGenerator<Uint8Array> {
      yield data.subarray(0, 10);
      throw broken;
    }
    const torn = { stream: half(), sizeBytes: data.length };
    await expect(client.uploadImage({ name: "half.png", data: torn })).rejects.toBe(broken);
    const chunks = [data.subarray(0, 10), data.subarray(10)];
    const sent = { stream: Readable.from(chunks), sizeBytes: data.length };
    const uploaded = await client.uploadImage({ name: "ünï.png", data: sent, subfolder: "job" });
    expect(uploaded).toEqual({ name: "ünï.png", subfolder: "job", type: "input", reference: "job/ünï.png" });
    const { id } = await run(client, {
      load: { class_type: "LoadImage", inputs: { image: uploaded.reference } },
      scale: { class_type: "ImageScaleBy", inputs: { image: ["load", 0], upscale_method: "lanczos", scale_by: 2 } },
      save: { class_type: "SaveImage", inputs: { images: ["scale", 0], filename_prefix: "up/x" } },
    });
    const file = (await client.history(id))?.outputs[0];
    if (file === undefined) throw new Error("no file");
    expect(file.subfolder).toBe("up");
    const picture = await buffer((await client.view(file)).body);
    expect(await sharp(picture).metadata()).toMatchObject({ width: 40, height: 20 });
    const gone = client.view({ filename: "gone.png", subfolder: "", type: "output" });
    await expect(gone).rejects.toMatchObject({ status: 404 });
    await expect(gone).rejects.toBeInstanceOf(ComfyProtocolError);
  });
});

it("a file that takes longer than an answer may is sent to its end, and one that stops is given up", async () => {
  const simulator = await createSimulator();
  const client = createComfyClient({ baseUrl: simulator.url, timeouts: { transferMs: 600 } });
  open.push(simulator, client);
  const chunk = Buffer.alloc(1000);
  async function* slowly(pauses: readonly number[]): AsyncGenerator<Uint8Array> {
    for (const pause of pauses) {
      await sleep(pause, undefined, { ref: false });
      yield chunk;
    }
  }
  const send = (pauses: readonly number[]) =>
    client.uploadImage({ name: "long.bin", data: { stream: slowly(pauses), sizeBytes: pauses.length * chunk.length } });
  expect(await send([150, 150, 150, 150, 150])).toMatchObject({ reference: "long.bin" });
  await expect(send([10, 60_000])).rejects.toBeInstanceOf(ComfyUnreachable);
  expect(await client.maxUploadBytes()).toBe(100 * 1024 ** 2);
});

describe("the catalog", () => {
  it("lists the choices of models, and none where a file may be uploaded", async () => {
    const { client } = await setup();
    const catalog = nodeCatalog(await client.objectInfo());
    expect(catalog.CheckpointLoaderSimple?.ckpt_name).toContain("darkroom-simulator-xl.safetensors");
    expect(catalog.LoadImage?.image).toBeNull();
    expect(catalog.KSampler?.seed).toBeNull();
    expect((await client.systemStats()).devices[0]?.name).toBe("Darkroom simulator");
  });

  it("understands every form of a choice", () => {
    const input = {
      required: {
        list: [["a", "b"], {}],
        combo: ["COMBO", { options: ["c"] }],
        remote: ["COMBO", { remote: { route: "/x" } }],
        dynamic: ["COMFY_DYNAMICCOMBO_V3", { options: [{ key: "d", inputs: {} }] }],
        number: ["INT", { min: 0 }],
      },
      optional: { extra: [["e"]] },
    };
    expect(nodeCatalog({ Node: { input } })).toEqual({
      Node: { list: ["a", "b"], combo: ["c"], remote: null, dynamic: ["d"], number: null, extra: ["e"] },
    });
  });
});

describe("the node info", () => {
  it("keeps the types of choices that are not texts", () => {
    const input = { required: { level: [[0, 1]], scale: ["COMBO", { options: [1.5, 2] }], name: [["a", "1"]] } };
    const inputs = nodeInfo({ Node: { input } }).Node?.inputs;
    expect([inputs?.level?.choices, inputs?.scale?.choices, inputs?.name?.choices]).toEqual([
      [0, 1],
      [1.5, 2],
      undefined,
    ]);
  });

  it("tells bounds, defaults, types and modules of a server's nodes", async () => {
    const { client } = await setup();
    const info = nodeInfo(await client.objectInfo());
    expect(info.KSampler).toMatchObject({ module: "nodes", outputNode: false, outputs: ["LATENT"] });
    expect(info.KSampler?.inputs.steps).toMatchObject({
      type: "INT",
      required: true,
      min: 1,
      max: 10_000,
      default: 20,
    });
    expect(info.KSampler?.inputs.seed?.drawn).toBe(true);
    expect(info.KSampler?.inputs.model).toEqual({ type: "MODEL", required: true });
    expect(info.LoadImage?.inputs.image).toEqual({ type: "COMBO", required: true, upload: true, listed: true });
    expect(info.SaveImage).toMatchObject({ title: "Save Image", outputNode: true });
  });

  it("takes whatever a custom node declares", () => {
    const odd = {
      A: null,
      B: { input: { required: { x: "INT", y: ["FLOAT", { min: "no", default: [1] }] } }, output: 7 },
    };
    expect(nodeInfo(odd)).toMatchObject({
      A: { title: "A", module: "", outputs: [], inputs: {} },
      B: { inputs: { x: { type: "INT" }, y: { type: "FLOAT" } } },
    });
  });
});

describe("a client that is closed", () => {
  it("waits for no answer any more", async () => {
    const { client, simulator } = await setup();
    // Its connection is used again, and one that ended in between would be asked a second time.
    await client.systemStats();
    simulator.control.addFault({ kind: "hang", path: "/object_info" });
    const answer = client.objectInfo();
    const refusal = expect(answer).rejects.toBeInstanceOf(ComfyUnreachable);
    await expect.poll(() => simulator.control.faults()).toMatchObject([{ struck: 1 }]);
    await client.close();
    await refusal;
  });
});

describe("the simulator's control", () => {
  it("changes the pace and keeps an account of every prompt", async () => {
    const { client, simulator } = await setup();
    const { id } = await run(client, slowGraph(0));
    const changed = await fetch(`${simulator.url}/simulator/control`, {
      method: "POST",
      body: JSON.stringify({ speed: 3 }),
    });
    expect(await changed.json()).toMatchObject({
      pace: { speed: 3 },
      prompts: [{ promptId: id, clientId: client.clientId, runs: 1, outcome: "success" }],
    });
    await expect.poll(() => simulator.control.pace().speed).toBe(3);
  });
});
