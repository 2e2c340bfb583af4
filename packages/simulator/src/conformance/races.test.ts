import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createSimulator, type Simulator } from "../simulator.ts";
import { createVirtualClock, type VirtualClock } from "../site/clock.ts";
import { notesOf, readRecording } from "./recording.ts";
import { dial, flush } from "./transcript.ts";

const tiny = {
  image: { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 1 } },
  save: { class_type: "SaveImage", inputs: { images: ["image", 0], filename_prefix: "race" } },
};

let simulator: Simulator;
let clock: VirtualClock;

async function setup(): Promise<void> {
  clock = createVirtualClock({ stepsItself: false });
  simulator = await createSimulator({ clock });
}

afterEach(() => simulator.close());

async function get(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(simulator.url + path)).json()) as Record<string, unknown>;
}

async function submit(clientId?: string): Promise<string> {
  const body = JSON.stringify({ prompt: tiny, client_id: clientId });
  const answer = await fetch(`${simulator.url}/prompt`, { method: "POST", body });
  return ((await answer.json()) as { prompt_id: string }).prompt_id;
}

/** Lets the server work until it wants time, or has nothing left to do. */
async function untilItWaits(): Promise<void> {
  while (clock.waiting() === 0 && (await isBusy())) await sleep(1);
}

async function isBusy(): Promise<boolean> {
  const { exec_info: info } = (await get("/prompt")) as { exec_info: { queue_remaining: number } };
  return info.queue_remaining > 0;
}

const inHistory = async (id: string): Promise<boolean> => id in (await get(`/history/${id}`));
const inQueue = async (id: string): Promise<boolean> => JSON.stringify(await get("/queue")).includes(id);

describe("22-history-race: the history comes after the outcome and before the end", () => {
  it("is absent at execution_success, as mostly with the real server, and there at executing null, as always", async () => {
    const [note = ""] = notesOf(readRecording("0.33.0", "22-history-race"));
    const counts = JSON.parse(note.slice(note.indexOf("{"))) as Record<string, [absent: number, present: number]>;
    expect(counts.execution_success?.[0]).toBeGreaterThan(0);
    expect(counts["executing null"]?.[0]).toBe(0);

    await setup();
    const line = await dial(simulator.url, "/ws?clientId=a", false);
    const id = await submit("a");
    await untilItWaits();
    await flush(line);
    expect(line.transcript.frames.at(-1)?.type).toBe("execution_success");
    expect(await inHistory(id)).toBe(false);
    clock.step();
    await flush(line);
    expect(line.transcript.frames.at(-1)).toMatchObject({ type: "executing", data: { node: null, prompt_id: id } });
    expect(await inHistory(id)).toBe(true);
    line.socket.terminate();
  });
});

describe("22b-neither-in-queue-nor-history: in which order one must ask", () => {
  it("asked history first and then queue, a prompt can be in neither; queue first and then history, never", async () => {
    const [note = ""] = notesOf(readRecording("0.33.0", "22b-neither-in-queue-nor-history"));
    const counts = JSON.parse(note.slice(note.indexOf("{"))) as Record<string, [polls: number, inNeither: number]>;
    expect(counts["history then queue"]?.[1]).toBeGreaterThan(0);
    expect(counts["queue then history"]?.[1]).toBe(0);

    await setup();
    const [id, other] = [await submit(), await submit()];
    let missed = false;
    for (let isEnded = false; !isEnded; ) {
      await untilItWaits();
      const [history, queue] = [await inHistory(id), await inQueue(id)];
      // The server goes on between any two questions.
      clock.step();
      const [laterQueue, laterHistory] = [await inQueue(id), await inHistory(id)];
      if (!history && !laterQueue) missed = true;
      expect(queue || laterHistory).toBe(true);
      isEnded = laterHistory && !(await isBusy());
    }
    expect(missed).toBe(true);
    expect(await inHistory(other)).toBe(true);
  });
});

describe("20-idle-and-ping: what the server sends of itself", () => {
  const notes = notesOf(readRecording("0.33.0", "20-idle-and-ping"));

  it("is nothing for 70 idle seconds", async () => {
    expect(notes[0]).toBe("idle 70.1 s, bytes received while idle: None");
    await setup();
    const { socket, next } = await rawSocket();
    await next();
    clock.pass(70_000);
    // Nothing waits for time to pass, so nothing can come of it; the answer to a ping comes first if anything does.
    expect(clock.waiting()).toBe(0);
    socket.write(masked(0x89, Buffer.from("hi")));
    expect(await next()).toEqual(bytesIn(notes[1]));
  });

  it.each([
    { what: "a ping", frame: () => masked(0x89, Buffer.from("hi")), note: 1 },
    { what: "a close", frame: () => masked(0x88, Buffer.from([0x03, 0xe8])), note: 2 },
    { what: "a frame of 8 MiB", frame: () => masked(0x81, Buffer.alloc(8 * 1024 * 1024, "x")), note: 3 },
  ])("is the recorded answer to $what", async ({ frame, note }) => {
    await setup();
    const { socket, next } = await rawSocket();
    await next();
    socket.write(frame());
    expect(await next()).toEqual(bytesIn(notes[note]));
  });
});

/** A socket of bytes; the first that comes after the handshake is the greeting. */
async function rawSocket(): Promise<{ socket: Socket; next: () => Promise<Buffer> }> {
  const socket = connect(simulator.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  // A server that closes first may reset the line under a large frame.
  socket.on("error", () => socket.destroy());
  const head = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  socket.write(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  const end = (): number => received.indexOf("\r\n\r\n");
  while (end() < 0) await once(socket, "data");
  received = received.subarray(end() + 4);
  return {
    socket,
    async next() {
      while (received.length < 2 || received.length < frameLength(received)) await once(socket, "data");
      const frame = received.subarray(0, frameLength(received));
      received = received.subarray(frame.length);
      return frame;
    },
  };
}

function frameLength(bytes: Buffer): number {
  const short = (bytes[1] ?? 0) & 0x7f;
  if (short < 126) return 2 + short;
  return bytes.length < 4 ? 4 : 4 + bytes.readUInt16BE(2);
}

/** A client's frame; its mask is zeros, so its bytes stay readable. */
function masked(first: number, payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
  const head = Buffer.alloc(14);
  head.set([first, 0xff]);
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** The bytes that end a note: `… 8a 02 68 69`. */
function bytesIn(note = ""): Buffer {
  return Buffer.from(/(?: [0-9a-f]{2})+$/.exec(note)?.[0].replaceAll(" ", "") ?? "", "hex");
}
