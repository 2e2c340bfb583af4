import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Stands between a worker and a ComfyUI server: notes what was asked, and breaks the connection on demand. */
export interface ComfyProxy {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** The prompt ids that were posted, in order; one that was posted twice is there twice. */
  promptIds(): string[];
  /** How many prompts of that job were posted. */
  promptsOf(jobId: string): number;
  /** The prompt ids that were interrupted; null for an interrupt that names none. */
  interrupts(): (string | null)[];
  /** Cuts every socket that is open now and, while `refuse`, every new one. HTTP goes on. */
  cutSockets(options?: { readonly refuse: boolean }): void;
  /** While true, every connection is reset. */
  setDown(isDown: boolean): void;
  /** The next answer of this path is thrown away: the request arrives, its sender never learns it. */
  loseAnswerOf(path: string): void;
  /** Answers requests of this path with these bytes instead, until given null. */
  replaceBodyOf(path: string, body: Buffer | null): void;
  close(): Promise<void>;
}

export async function createComfyProxy(targetUrl: string): Promise<ComfyProxy> {
  const target = new URL(targetUrl);
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const connections = new Set<Socket>();
  const lost: string[] = [];
  const replaced = new Map<string, Buffer>();
  let refuses = false;
  let isDown = false;

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const path = incoming.url ?? "/";
    const method = incoming.method ?? "GET";
    requests.push({ method, path, body: body.length < 1e6 ? body.toString() : "" });
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const upstream = request({ hostname: target.hostname, port: target.port, path, method, headers }, (answer) => {
      const index = lost.indexOf(path);
      if (index >= 0) {
        lost.splice(index, 1);
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      const other = replaced.get(path.split("?", 1)[0] ?? "");
      if (other !== undefined) {
        answer.resume();
        outgoing.writeHead(200, { "content-type": "image/png", "content-length": other.length });
        outgoing.end(other);
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on("error", () => incoming.socket.destroy());
    upstream.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.on("connection", (socket) => {
    if (isDown) {
      socket.resetAndDestroy();
      return;
    }
    connections.add(socket);
    socket.on("error", () => undefined).on("close", () => connections.delete(socket));
  });
  server.on("upgrade", (incoming, socket: Socket, head) => {
    if (refuses) {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let index = 0; index < incoming.rawHeaders.length; index += 2)
        lines.push(`${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`);
      upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on("error", () => undefined).on("close", () => sockets.delete(end));
    }
    socket.on("close", () => upstream.destroy());
    upstream.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const posted = (path: string): Record<string, unknown>[] =>
    requests
      .filter((seen) => seen.method === "POST" && seen.path === path)
      .map((seen) => (seen.body === "" ? {} : (JSON.parse(seen.body) as Record<string, unknown>)));
  const idOf = (body: Record<string, unknown>): string | null =>
    typeof body.prompt_id === "string" ? body.prompt_id : null;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    promptIds: () => posted("/prompt").map((body) => idOf(body) ?? ""),
    promptsOf: (jobId) =>
      posted("/prompt").filter((body) => JSON.stringify(body).includes(`darkroom/${jobId}-`)).length,
    interrupts: () => posted("/interrupt").map(idOf),
    cutSockets: ({ refuse } = { refuse: false }) => {
      refuses = refuse;
      for (const socket of sockets) socket.destroy();
    },
    setDown: (value) => {
      isDown = value;
      if (value) for (const socket of [...connections, ...sockets]) socket.resetAndDestroy();
    },
    loseAnswerOf: (path) => void lost.push(path),
    replaceBodyOf: (path, body) => {
      if (body === null) replaced.delete(path);
      else replaced.set(path, body);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of [...connections, ...sockets]) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
