import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
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

export interface HealthParts {
  /** Undefined: 3001 or the next free one. */
  readonly port: number | undefined;
  readonly host: string;
  /** Who brings it as a bearer is told everything. */
  readonly token: string | undefined;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Metrics;
}

/**
 * Serves `/health`, `/ready` and `/metrics`. Metrics, and why a worker is not ready, are not for everybody: where others than
 * this machine can ask, they are for the `token` alone. Whether it is alive and ready, anybody may know: probes have no token.
 */
export async function startHealthServer(parts: HealthParts): Promise<HealthServer> {
  const shared = { ...parts, readiness: atOnce(parts.readiness), text: atOnce(() => parts.metrics.text()) };
  const server = createServer((request, response) => {
    answer(request, response, shared).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const { port, host } = parts;
  if (port !== undefined) await listen(server, port, host);
  else await listenFrom(server, FIRST_PORT, host);
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
  request: IncomingMessage,
  response: ServerResponse,
  { host, token, readiness, metrics, text }: HealthParts & { readonly text: () => Promise<string> },
): Promise<void> {
  const mayKnow = isLoopback(host) || brings(request, token);
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET");
    return json(405, { error: "use GET here" });
  }
  switch (request.url?.split("?", 1)[0]) {
    case "/health":
      return json(200, { status: "ok" });
    case "/ready": {
      const state = await readiness();
      return json(state.ready ? 200 : 503, mayKnow ? state : { ready: state.ready });
    }
    case "/metrics": {
      if (!mayKnow) response.setHeader("www-authenticate", "Bearer");
      if (!mayKnow) return json(401, { error: "metrics are for callers that bring WORKER_TOKEN as a bearer" });
      const told = await text();
      response.writeHead(200, { "content-type": metrics.contentType });
      response.end(told);
      return;
    }
    default:
      return json(404, { error: "not found" });
  }
}

/** Asks once for all who ask at the same time: strangers may ask, and each answer is a query of Postgres. */
function atOnce<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

function brings({ headers }: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return false;
  const given = Buffer.from(/^Bearer +(.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function listenFrom(server: Server, first: number, host: string): Promise<void> {
  for (let port = first; ; port += 1) {
    try {
      return await listen(server, port, host);
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isTaken || port >= first + 100) throw error;
    }
  }
}
