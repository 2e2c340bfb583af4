import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";

/** What `/ready` tells. Only what makes the worker useless makes it unready; the rest is `degraded`. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly degraded: readonly string[];
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const FIRST_PORT = 3001;

/**
 * Serves `/health`, `/ready` and `/metrics` on the loopback only: metrics are not for everybody. Without a `port` it
 * takes 3001 or the next free one.
 */
export async function startHealthServer(parts: {
  readonly port: number | undefined;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Metrics;
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? "/", response, parts).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const { port } = parts;
  if (port !== undefined) await listen(server, port);
  else await listenFrom(server, FIRST_PORT);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  url: string,
  response: ServerResponse,
  { readiness, metrics }: { readiness: () => Promise<Readiness>; metrics: Metrics },
): Promise<void> {
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };
  switch (url.split("?", 1)[0]) {
    case "/health":
      return json(200, { status: "ok" });
    case "/ready": {
      const state = await readiness();
      return json(state.ready ? 200 : 503, state);
    }
    case "/metrics": {
      const text = await metrics.text();
      response.writeHead(200, { "content-type": metrics.contentType });
      response.end(text);
      return;
    }
    default:
      return json(404, { error: "not found" });
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function listenFrom(server: Server, first: number): Promise<void> {
  for (let port = first; ; port += 1) {
    try {
      return await listen(server, port);
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isTaken || port >= first + 100) throw error;
    }
  }
}
