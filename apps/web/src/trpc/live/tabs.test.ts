import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, type TestContext, test, vi } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { createSocket } from "./live-link.ts";
import { PromptSocket } from "./prompt-socket.ts";
import { tabSocketOf } from "./tab-socket.ts";
import { createTab } from "./tabs.ts";

const same = (data: unknown) => data;
const plain = { input: { serialize: same, deserialize: same }, output: { serialize: same, deserialize: same } };

interface Call {
  readonly id: number | string;
  readonly method: string;
  readonly params?: { readonly lastEventId?: string };
}

/** A server whose one subscription gives numbered events and goes on after a cursor, as ours does. */
async function startServer({ onTestFinished }: TestContext) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const subscriptions = new Map<ServerSocket, Set<Call["id"]>>();
  let newest = 0;
  const give = (socket: ServerSocket, id: Call["id"], number: number) =>
    socket.send(JSON.stringify({ id, result: { type: "data", id: String(number), data: number } }));
  server.on("connection", (socket) => {
    const open = new Set<Call["id"]>();
    subscriptions.set(socket, open);
    socket.on("close", () => subscriptions.delete(socket));
    socket.on("message", (data) => {
      const text = String(data);
      if (text === "PING") return socket.send("PONG");
      for (const { id, method, params } of [JSON.parse(text)].flat() as Call[]) {
        if (method === "subscription.stop") open.delete(id);
        if (method !== "subscription") continue;
        open.add(id);
        socket.send(JSON.stringify({ id, result: { type: "started" } }));
        for (let next = Number(params?.lastEventId ?? newest) + 1; next <= newest; next += 1) give(socket, id, next);
      }
    });
  });
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const subscribers = () => [...subscriptions.values()].reduce((sum, open) => sum + open.size, 0);
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}#${crypto.randomUUID()}`,
    publish() {
      newest += 1;
      for (const [socket, open] of subscriptions) for (const id of open) give(socket, id, newest);
      return newest;
    },
    sockets: () => server.clients.size,
    subscribers,
    sendAway: () => {
      for (const socket of server.clients) socket.send('{"id":null,"method":"reconnect"}');
    },
  };
}

type Server = Awaited<ReturnType<typeof startServer>>;

/** A tab that subscribes, and the events that it got. */
function openTab({ url }: Server) {
  const news = new EventEmitter();
  const got: number[] = [];
  let dials = 0;
  let losses = 0;
  const tab = createTab((address) => {
    dials += 1;
    return new PromptSocket(address);
  });
  const handlers = {
    onOpen: () => undefined,
    onClose: () => {
      losses += 1;
    },
  };
  const client = createSocket(url, handlers, tabSocketOf(tab));
  const op = { id: 1, type: "subscription", path: "job.onFeed", input: undefined, context: {}, signal: null } as const;
  client.request({ op, transformer: plain, lastEventId: "0" }).subscribe({
    next({ result }) {
      if (!("data" in result)) return;
      got.push(result.data as number);
      news.emit("news");
    },
  });
  return {
    got,
    losses: () => losses,
    leads: () => dials > 0,
    /** Until it has this event. */
    async has(number: number): Promise<void> {
      while ((got.at(-1) ?? 0) < number) await once(news, "news");
    },
    /** As if it was closed: what leads is gone first, and nothing is said. */
    close(): void {
      tab.leave();
      void client.close();
    },
  };
}

type OpenTab = ReturnType<typeof openTab>;
const upTo = (newest: number) => Array.from({ length: newest }, (_, index) => index + 1);

test("five tabs have one socket; whichever closes, each of the others gets every event once and in order", async (context) => {
  const server = await startServer(context);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("publish", "close the leader", "close another", "send away"), { maxLength: 30 }),
      async (steps) => {
        const round = { ...server, url: `${server.url}${crypto.randomUUID()}` };
        let tabs: OpenTab[] = Array.from({ length: 5 }, () => openTab(round));
        let newest = server.publish();
        await Promise.all(tabs.map((tab) => tab.has(newest)));
        expect(server.sockets()).toBe(1);
        for (const step of steps) {
          if (step === "publish") newest = server.publish();
          else if (step === "send away") server.sendAway();
          else {
            const gone = tabs.find((tab) => tab.leads() === (step === "close the leader"));
            gone?.close();
            tabs = [...tabs.filter((tab) => tab !== gone), openTab(round)];
          }
        }
        newest = server.publish();
        await Promise.all(tabs.map((tab) => tab.has(newest)));
        for (const { got } of tabs) expect(got).toEqual(upTo(newest));
        for (const tab of tabs) tab.close();
        await vi.waitFor(() => expect(server.sockets()).toBe(0));
      },
    ),
    { numRuns: 8 },
  );
});

test("the leader closed fifty times: another tab has the socket within 2 s each time, and nobody sees a loss", async (context) => {
  const server = await startServer(context);
  let tabs = Array.from({ length: 5 }, () => openTab(server));
  const waits: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const before = server.publish();
    await Promise.all(tabs.map((tab) => tab.has(before)));
    expect(server.sockets()).toBe(1);
    const leader = tabs.find((tab) => tab.leads());
    leader?.close();
    const closedAt = performance.now();
    tabs = [...tabs.filter((tab) => tab !== leader), openTab(server)];
    const missed = server.publish();
    await Promise.all(tabs.map((tab) => tab.has(missed)));
    waits.push(performance.now() - closedAt);
  }
  expect(Math.max(...waits)).toBeLessThan(2000);
  for (const tab of tabs) {
    expect(tab.got).toEqual(upTo(100));
    expect(tab.losses()).toBe(0);
  }
  // Nothing goes on for those who left.
  await vi.waitFor(() => expect(server.subscribers()).toBe(5));
  for (const tab of tabs) tab.close();
});

test("the lead is taken from a tab that does not answer", async (context) => {
  const server = await startServer(context);
  // It holds the lock as a leader does, and stands still.
  let isDeposed = false;
  void navigator.locks
    .request(server.url, () => new Promise(() => undefined))
    .catch(() => {
      isDeposed = true;
    });
  const tab = openTab(server);
  await tab.has(server.publish());
  expect(isDeposed).toBe(true);
  tab.close();
});
