import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { createFaultProxy } from "@darkroom/fault-proxy";
import { expect, type TestContext, test } from "vitest";
import { WebSocketServer } from "ws";
import { createSocket, socketUrl } from "./live-link.ts";
import { PromptSocket } from "./prompt-socket.ts";

test("the socket is on the page's own origin, encrypted where the page is, at the server's path", () => {
  expect(socketUrl({ protocol: "http:", host: "localhost:3000" }, "/ws")).toBe("ws://localhost:3000/ws");
  expect(socketUrl({ protocol: "https:", host: "darkroom.example" }, "/live")).toBe("wss://darkroom.example/live");
});

/** A server that answers PINGs behind a line that can swallow everything, and the page's socket to it. */
async function setup({ onTestFinished }: TestContext) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.on("message", (data) => String(data) === "PING" && socket.send("PONG"));
  });
  await once(server, "listening");
  const line = await createFaultProxy({ targetPort: (server.address() as AddressInfo).port });
  const told: { readonly what: "open" | "close"; readonly at: number }[] = [];
  const telling = new EventEmitter();
  const tell = (what: "open" | "close") => () => {
    told.push({ what, at: performance.now() });
    telling.emit("told");
  };
  const dial = () => {
    const handlers = { onOpen: tell("open"), onClose: tell("close") };
    const socket = createSocket(`ws://127.0.0.1:${line.port}`, handlers, PromptSocket);
    onTestFinished(() => socket.close());
    // It dials with its first request.
    const request = {
      id: 1,
      type: "subscription",
      path: "job.onFeed",
      input: undefined,
      context: {},
      signal: null,
    } as const;
    socket.request({ op: request, transformer: plain, lastEventId: undefined }).subscribe({});
  };
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await line.close();
  });
  const heard = async (count: number): Promise<void> => {
    while (told.length < count) await once(telling, "told");
  };
  return { line, dial, told, heard };
}

const same = (data: unknown) => data;
const plain = { input: { serialize: same, deserialize: same }, output: { serialize: same, deserialize: same } };

test.concurrent("a line that swallows everything is told within 7 s, and the socket comes back once it passes again", async (context) => {
  const { line, dial, told, heard } = await setup(context);
  dial();
  await heard(1);
  const deadSince = performance.now();
  await line.set({ link: "blackhole" });
  await heard(2);
  expect(told[1]?.what).toBe("close");
  expect((told[1]?.at ?? 0) - deadSince).toBeLessThan(7000);
  line.strand();
  await line.heal();
  await heard(3);
  expect(told[2]?.what).toBe("open");
});

test.concurrent("a dial that nobody answers is given up, and tried again", async (context) => {
  const { line, dial, told, heard } = await setup(context);
  await line.set({ link: "blackhole" });
  const dialedAt = performance.now();
  dial();
  await heard(1);
  expect(told[0]?.what).toBe("close");
  expect((told[0]?.at ?? 0) - dialedAt).toBeLessThan(7000);
  line.strand();
  await line.heal();
  await heard(2);
  expect(told[1]?.what).toBe("open");
});
