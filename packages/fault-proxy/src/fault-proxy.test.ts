import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createFaultProxy } from "./fault-proxy.ts";

/** An echo server behind a proxy, and what a client needs to talk through it. */
async function setup() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await createFaultProxy({ targetPort: (server.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const dial = async () => {
    const socket = connect(proxy.port, "127.0.0.1");
    const pieces: Buffer[] = [];
    const ended = new Promise<string>((resolve) => {
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.once("end", () => resolve("end"));
    });
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    await Promise.race([once(socket, "connect"), ended]);
    const text = () => Buffer.concat(pieces).toString();
    return { socket, pieces, ended, text };
  };
  const says = (text: () => string, wanted: string) => expect.poll(text, { timeout: 5000 }).toBe(wanted);
  return { proxy, dial, says };
}

test("a healthy link passes everything, and both ends of a connection", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text, ended } = await dial();
  socket.end("x".repeat(200_000));
  await says(text, "x".repeat(200_000));
  expect(await ended).toBe("end");
  await expect.poll(() => proxy.connections()).toBe(0);
});

test("latency delays each piece", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text } = await dial();
  await proxy.set({ latencyMs: 60 });
  const sentAt = performance.now();
  socket.write("late");
  await says(text, "late");
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(118);
});

test("down cuts what stands and refuses what comes, until it is healed", async () => {
  const { proxy, dial, says } = await setup();
  const { ended } = await dial();
  await proxy.set({ link: "down" });
  expect(await ended).toBe("ECONNRESET");
  expect(await (await dial()).ended).toBe("ECONNREFUSED");
  await proxy.heal();
  const { socket, text } = await dial();
  socket.write("back");
  await says(text, "back");
});

test("a blackhole keeps connections open and passes nothing; healed, what was sent arrives", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text } = await dial();
  await proxy.set({ link: "blackhole" });
  socket.write("held");
  await sleep(100);
  expect(text()).toBe("");
  await proxy.heal();
  await says(text, "held");
});

test("stranded connections carry nothing any more, and new ones do", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text } = await dial();
  socket.write("before");
  await says(text, "before");
  await proxy.set({ link: "blackhole" });
  proxy.strand();
  await proxy.heal();
  socket.write("lost");
  const next = await dial();
  next.socket.write("next");
  await says(next.text, "next");
  expect(text()).toBe("before");
});

test("a reset breaks what stands and nothing else", async () => {
  const { proxy, dial, says } = await setup();
  const { ended } = await dial();
  proxy.reset();
  expect(await ended).toBe("ECONNRESET");
  const { socket, text } = await dial();
  socket.write("next");
  await says(text, "next");
});

test("bandwidth is limited", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text } = await dial();
  await proxy.set({ bytesPerSecond: 10_000 });
  const sentAt = performance.now();
  socket.write("y".repeat(1000));
  await says(text, "y".repeat(1000));
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(195);
});

test("connections share the bandwidth", async () => {
  const { proxy, dial, says } = await setup();
  const dialled = [await dial(), await dial()];
  await proxy.set({ bytesPerSecond: 10_000 });
  const sentAt = performance.now();
  for (const { socket } of dialled) socket.write("y".repeat(1000));
  for (const { text } of dialled) await says(text, "y".repeat(1000));
  // The second waits for the first on the way there, and each way takes a tenth of a second.
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(295);
});

test("the slicer passes a piece in parts and loses none", async () => {
  const { proxy, dial, says } = await setup();
  const { socket, text, pieces } = await dial();
  await proxy.set({ sliceBytes: 3 });
  socket.write("0123456789");
  await says(text, "0123456789");
  expect(pieces.length).toBeGreaterThan(1);
});

test("a connection is cut after its bytes, and the next one gets as many", async () => {
  const { proxy, dial } = await setup();
  await proxy.set({ cutAfterBytes: 100 });
  for (let round = 0; round < 2; round += 1) {
    const { socket, ended } = await dial();
    socket.write("z".repeat(90));
    expect(await ended).toBe("ECONNRESET");
  }
});

test("a slow close delays the end", async () => {
  const { proxy, dial } = await setup();
  const { socket, ended } = await dial();
  await proxy.set({ closeDelayMs: 60 });
  const endedAt = performance.now();
  socket.end();
  expect(await ended).toBe("end");
  expect(performance.now() - endedAt).toBeGreaterThanOrEqual(118);
});
