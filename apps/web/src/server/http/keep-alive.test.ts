import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { keepAnswerAlive, keepStreamAlive } from "./keep-alive.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** An answer that has begun, and what its client reads of it. */
async function answering(): Promise<{ response: ServerResponse; client: IncomingMessage }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const asked = once(server, "request");
  const outgoing = get({ port: (server.address() as AddressInfo).port });
  const [, response] = (await asked) as [IncomingMessage, ServerResponse];
  response.writeHead(200).flushHeaders();
  const [client] = (await once(outgoing, "response")) as [IncomingMessage];
  return { response, client: client.setEncoding("utf8") };
}

test("an idle stream of events gets a comment within 20 s, and none between events that come", async () => {
  const { response, client } = await answering();
  keepStreamAlive(response);
  const read = once(client, "data");
  vi.advanceTimersByTime(20_000);
  expect(await read).toEqual([":\n\n"]);

  const next = once(client, "data");
  response.write("data: 1\n\n");
  await next;
  const after = once(client, "data");
  vi.advanceTimersByTime(9000);
  response.write("data: 2\n\n");
  expect(await after).toEqual(["data: 2\n\n"]);
});

test("a client that does not read its stream is cut off", async () => {
  const { response, client } = await answering();
  client.pause();
  keepStreamAlive(response);
  const closed = once(response, "close");
  while (response.write("x".repeat(1024 * 1024)));
  vi.advanceTimersByTime(30_000);
  await closed;
  expect(response.destroyed).toBe(true);
});

test("an answer that takes long begins with white space every 15 s, and is JSON in the end", async () => {
  const { response, client } = await answering();
  keepAnswerAlive(response);
  vi.advanceTimersByTime(45_000);
  response.end(JSON.stringify({ state: "succeeded" }));
  let text = "";
  for await (const chunk of client) text += chunk;
  expect(text).toMatch(/^ {3}\{/);
  expect(JSON.parse(text)).toEqual({ state: "succeeded" });
  expect(vi.getTimerCount()).toBe(0);
});
