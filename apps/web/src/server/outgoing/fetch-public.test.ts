import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { PerformanceObserver } from "node:perf_hooks";
import { expect, onTestFinished, test } from "vitest";
import { fetchPublic } from "./fetch-public.ts";

/** Answers the port. */
async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test.each(["that never answers", "whose body never ends"])("a server %s is given up in time", async (kind) => {
  const port = await listen((_request, response) => {
    if (kind !== "that never answers") response.writeHead(200).write("x");
  });
  const read = async () => {
    for await (const _ of await fetchPublic(`http://127.0.0.1:${port}/`, { isAllowed: () => true, timeoutMs: 200 }));
  };
  await expect(read()).rejects.toThrow("The address took too long to answer.");
});

test("a name is resolved once: it could mean another address when the connection is made", async () => {
  const port = await listen((_request, response) => void response.end("x"));
  const looked: string[] = [];
  const observer = new PerformanceObserver((list) => looked.push(...list.getEntries().map(({ name }) => name)));
  observer.observe({ entryTypes: ["dns"] });
  onTestFinished(() => observer.disconnect());
  for await (const _ of await fetchPublic(`http://localhost:${port}/`, { isAllowed: () => true }));
  looked.push(...observer.takeRecords().map(({ name }) => name));
  expect(looked).toEqual(["lookup"]);
});
