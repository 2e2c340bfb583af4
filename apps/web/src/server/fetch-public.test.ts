import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fetchPublic } from "./fetch-public.ts";

test.each(["that never answers", "whose body never ends"])("a server %s is given up in time", async (kind) => {
  const server = createServer((_request, response) => {
    if (kind !== "that never answers") response.writeHead(200).write("x");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const read = async () => {
    for await (const _ of await fetchPublic(url, { isAllowed: () => true, timeoutMs: 200 }));
  };
  await expect(read()).rejects.toThrow("The address took too long to answer.");
});
