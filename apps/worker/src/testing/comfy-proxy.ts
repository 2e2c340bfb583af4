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
  /** The prompt ids that were to be stopped, by whichever route; null for an interrupt that names none. */
  interrupts(): (string | null)[];
  /** Cuts every socket that is open now and, while `refuse`, every new one. HTTP goes on. */
  cutSockets(options?: { readonly refuse: boolean }): void;
  /** While true, every connection is reset. */
  setDown(isDown: boolean): void;
  /** While true, requests are taken and never answered; sockets live on and answer pings. */
  setSilent(isSilent: boolean): void;
  /** While true, nothing passes at all, in either direction; connections stand and new ones are taken. */
  setFrozen(isFrozen: boolean): void;
  /** Requests whose path begins so are answered with this status by the proxy itself, until given null. */
  refuse(path: string, status: number | null): void;
  /** Answers to paths that begin so are held back until the returned function is called. */
  hold(path: string): () => void;
  /** The next so many answers to paths that begin so are cut in the middle of their body. */
  cutBodyOf(path: string, times: number): void;
  /** The next answer to a path that begins so is this one instead. */
  answerOnce(path: string, body: string): void;
  /** How many connections of each kind are open now. */
  open(): { readonly http: number; readonly sockets: number };
  /** How many connections of each kind were ever opened. */
  opened(): { readonly http: number; readonly sockets: number };
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
  const refused = new Map<string, number>();
  const held = new Map<string, Promise<void>>();
  const cuts: string[] = [];
  const once = new Map<string, string>();
  const tunnels = new Set<readonly [Socket, Socket]>();
  const opened = { http: 0, sockets: 0 };
  let isSilent = false;
  let isFrozen = false;
  let refuses = false;
  let isDown = false;

  function find<T>(faults: ReadonlyMap<string, T>, path: string): T | undefined {
    for (const [begin, fault] of faults) if (path.startsWith(begin)) return fault;
    return undefined;
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const path = incoming.url ?? "/";
    const method = incoming.method ?? "GET";
    if (isSilent || isFrozen) return;
    requests.push({ method, path, body: body.length < 1e6 ? body.toString() : "" });
    const instead = find(once, path);
    if (instead !== undefined) {
      once.clear();
      outgoing.writeHead(200, { "content-type": "application/json" }).end(instead);
      return;
    }
    const status = find(refused, path);
    if (status !== undefined) {
      outgoing.writeHead(status, { "content-length": 0 }).end();
      return;
    }
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const upstream = request({ hostname: target.hostname, port: target.port, path, method, headers }, (answer) => {
      const index = lost.indexOf(path);
      if (index >= 0) {
        lost.splice(index, 1);
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      const cut = cuts.findIndex((begin) => path.startsWith(begin));
      if (cut >= 0) {
        cuts.splice(cut, 1);
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.once("data", (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, chunk.length / 2), () => incoming.socket.destroy());
          answer.destroy();
        });
        return;
      }
      const other = replaced.get(path.split("?", 1)[0] ?? "");
      if (other !== undefined) {
        answer.resume();
        outgoing.writeHead(200, { "content-type": "image/png", "content-length": other.length });
        outgoing.end(other);
        return;
      }
      const pass = (): void => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      };
      const hold = find(held, path);
      if (hold === undefined) pass();
      else hold.then(pass);
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
    opened.http += 1;
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
      if (!isFrozen) upstream.pipe(socket).pipe(upstream);
    });
    opened.http -= 1;
    opened.sockets += 1;
    const tunnel = [socket, upstream] as const;
    tunnels.add(tunnel);
    socket.on("close", () => tunnels.delete(tunnel));
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
    interrupts: () => [
      ...posted("/interrupt").map(idOf),
      ...requests.flatMap(({ path }) => /^\/api\/jobs\/(.+)\/cancel$/.exec(path)?.slice(1, 2) ?? []),
    ],
    cutSockets: ({ refuse } = { refuse: false }) => {
      refuses = refuse;
      for (const socket of sockets) socket.destroy();
    },
    setDown: (value) => {
      isDown = value;
      if (value) for (const socket of [...connections, ...sockets]) socket.resetAndDestroy();
    },
    setSilent: (value) => {
      isSilent = value;
    },
    setFrozen: (value) => {
      isFrozen = value;
      for (const [socket, upstream] of tunnels) {
        if (value) upstream.unpipe(socket);
        else upstream.pipe(socket);
      }
    },
    refuse: (path, status) => {
      if (status === null) refused.delete(path);
      else refused.set(path, status);
    },
    hold: (path) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(path, promise);
      return () => {
        held.delete(path);
        resolve();
      };
    },
    cutBodyOf: (path, times) => void cuts.push(...Array.from({ length: times }, () => path)),
    answerOnce: (path, body) => void once.set(path, body),
    open: () => ({ http: connections.size - tunnels.size, sockets: tunnels.size }),
    opened: () => ({ ...opened }),
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
