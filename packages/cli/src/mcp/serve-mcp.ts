import { createServer } from "node:http";
import type { DarkroomClient } from "@darkroom/client";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createMcpServer } from "./mcp-server.ts";

/** Serves one program over the standard streams, until it closes them. */
export async function serveStreams(client: DarkroomClient): Promise<void> {
  await createMcpServer(client).connect(new StdioServerTransport());
  await new Promise<void>((resolve) => process.stdin.once("end", resolve).once("close", resolve));
}

/** Serves programs of this machine at `http://127.0.0.1:PORT/mcp`, until the process is asked to stop. */
export async function serveHttp(client: DarkroomClient, port: number, onListening: () => void): Promise<void> {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const server = createServer(async (request, response) => {
    if (request.url !== "/mcp") return response.writeHead(404).end();
    // One server for each request: nothing is remembered between them. A page that a browser was lured to cannot ask.
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableDnsRebindingProtection: true,
      allowedHosts: hosts,
      allowedOrigins: hosts.map((host) => `http://${host}`),
    });
    await createMcpServer(client).connect(transport as Transport);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", onListening);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  server.close();
  server.closeAllConnections();
}
