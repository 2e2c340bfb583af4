import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { appRouter } from "@darkroom/api";
import { setup } from "@darkroom/api/testing/setup";
import type { Principal } from "@darkroom/contracts";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { type ClientOptions, createDarkroomClient, type DarkroomClient } from "../index.ts";

const KEY = "dk_test";
export const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

/**
 * The API behind HTTP and a socket, for the one key; `cut` ends every open socket, as a lost network does. The first
 * `unanswered` upgrades get no answer.
 */
export async function serve({
  unanswered = 0,
  role = "member",
  onFinished = onTestFinished,
}: {
  unanswered?: number;
  role?: "member" | "operator";
  onFinished?: (task: () => Promise<void>) => void;
} = {}) {
  const api = await setup({ onFinished });
  const owner = await api.account(role);
  const principal: Principal = { ...owner, kind: "apiKey" };
  const calls = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    calls.now += 1;
    calls.most = Math.max(calls.most, calls.now);
    response.once("close", () => {
      calls.now -= 1;
    });
    if (request.headers.authorization !== `Bearer ${KEY}`) return response.writeHead(401).end();
    if (request.url === "/api/outputs/1") return response.end("picture");
    if (request.url === "/api/outputs/2")
      return response.writeHead(404).end('{"error":{"code":"NOT_FOUND","message":"There is no such output."}}');
    const { pathname } = new URL(request.url ?? "/", "http://x");
    return nodeHTTPRequestHandler({
      router: appRouter,
      req: request,
      res: response,
      path: pathname.slice("/api/trpc/".length),
      createContext: () => api.context(principal),
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  let upgrades = 0;
  const left: Duplex[] = [];
  server.on("upgrade", (request, socket, head) => {
    if (request.headers.authorization !== `Bearer ${KEY}` || request.url !== "/ws") return socket.destroy();
    upgrades += 1;
    if (upgrades <= unanswered) return left.push(socket);
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit("connection", accepted, request));
  });
  applyWSSHandler({
    wss: sockets,
    router: appRouter,
    createContext: () => api.context(principal, { transport: "ws" }),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: DarkroomClient[] = [];
  const another = (options: Partial<ClientOptions> = {}) => {
    const made = createDarkroomClient({ url, apiKey: KEY, ...options });
    clients.push(made);
    return made;
  };
  const client = another();
  const stop = async () => {
    for (const socket of sockets.clients) socket.terminate();
    for (const socket of left) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onFinished(async () => {
    await Promise.all(clients.map((one) => one.close()));
    await stop();
  });
  const cut = () => {
    for (const socket of sockets.clients) socket.terminate();
  };
  /** Both ends stay open and nothing arrives any more, as behind a router that was switched off. */
  const hang = () => {
    for (const socket of sockets.clients) socket.pause();
  };
  return { api, client, another, stop, cut, hang, calls, upgrades: () => upgrades };
}
