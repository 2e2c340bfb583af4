import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { parsePythonJson, toPythonJson } from "../protocol/python-json.ts";
import type { Site } from "../site/site.ts";
import { isForeignOrigin } from "./foreign-origin.ts";
import { sendBody, suffer } from "./http-faults.ts";

export interface Request {
  readonly incoming: IncomingMessage;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  body(): Promise<Buffer>;
  /** Throws for what is no JSON, as the real handlers do: that is their 500. */
  json(): Promise<unknown>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export type Handler = (request: Request) => Reply | Promise<Reply>;

/** `"GET /history/{id}"` → handler. */
export type Routes = Readonly<Record<string, Handler>>;

const maxBodyBytes = 104_857_600;

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: toPythonJson(value) };
}

function textReply(status: number, text: string): Reply {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: text };
}

export const emptyReply = (status: number): Reply => ({ status });

class BodyTooLarge extends Error {}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handler: Handler;
}

/** Every route also exists under `/api`. A thrown error is aiohttp's 500. `control` is beyond the reach of faults. */
export function createHttpServer(routes: Routes, control: Routes, site: Site): Server {
  const table: Route[] = Object.entries({ ...routes, ...control }).map(([key, handler]) => {
    const [method = "", path = ""] = key.split(" ");
    const pattern = path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const prefix = path.startsWith("/api/") ? "" : "(?:/api)?";
    return { method, pattern: new RegExp(`^${prefix}${pattern}$`), handler };
  });

  async function answer(incoming: IncomingMessage): Promise<Reply> {
    const url = new URL(incoming.url ?? "/", "http://simulator");
    if (isForeignOrigin(incoming, site.dialect)) return emptyReply(403);
    const matching = table.filter(({ pattern }) => pattern.test(url.pathname));
    const method = incoming.method === "HEAD" ? "GET" : incoming.method;
    const route = matching.find((candidate) => candidate.method === method);
    if (route === undefined) {
      // Unknown paths are those of static files, which can only be read.
      return matching.length === 0 && method === "GET" ? emptyReply(404) : textReply(405, "405: Method Not Allowed");
    }
    const groups = route.pattern.exec(url.pathname)?.groups ?? {};
    const params = Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)]));
    const body = (): Promise<Buffer> => readBody(incoming);
    try {
      return await route.handler({
        incoming,
        url,
        params,
        body,
        json: async () => parsePythonJson((await body()).toString("utf8")),
      });
    } catch (error) {
      if (error instanceof BodyTooLarge) return textReply(413, error.message);
      return textReply(500, "500 Internal Server Error\n\nServer got itself in trouble");
    }
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? "/", "http://simulator");
    const isControl = Object.keys(control).some((key) => key.endsWith(` ${pathname}`));
    const fate = isControl ? "none" : await suffer(site, pathname);
    if (fate === "cut") incoming.socket.destroy();
    else if (typeof fate === "number") await send(textReply(fate, `${fate}: simulated`), incoming, outgoing, site);
    else await send(await answer(incoming), incoming, outgoing, site);
  }

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing);
  });
  // As aiohttp: long enough that a pool's idle connection is rarely cut under it.
  server.keepAliveTimeout = 75_000;
  return server;
}

async function send(reply: Reply, incoming: IncomingMessage, outgoing: ServerResponse, site: Site): Promise<void> {
  const body = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(reply.body);
  const bare = reply.status === 304;
  outgoing.writeHead(reply.status, {
    ...(bare ? {} : { "content-length": body.length }),
    ...reply.headers,
    server: "Darkroom simulator",
  });
  if (incoming.method === "HEAD" || bare) outgoing.end();
  else await sendBody(body, incoming, outgoing, site);
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // Read to the end although it is too large: a client that is still sending would never see the answer.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) {
    throw new BodyTooLarge(`Maximum request body size ${maxBodyBytes} exceeded, actual body size ${size}`);
  }
  return Buffer.concat(chunks);
}
