import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** How the clients of one contender speak. A client that only finds the events costs the machine little of what is measured. */
export interface Dialect {
  readonly path: string;
  headers(feed: number): Readonly<Record<string, string>>;
  /** What to say to a message of the server, or when the socket opens (null); undefined: nothing. */
  answer(message: string | null): string | undefined;
  /** True for the message after which events are delivered. */
  isReady(message: string): boolean;
}

/** Told of every event that arrives: which client, and the event's number. */
export type OnEvent = (client: number, event: number) => void;

export interface Crowd {
  /** Milliseconds from dialing to an accepted socket, of each client. */
  readonly connectMs: readonly number[];
  close(): void;
}

const NUMBER = Buffer.from('"version":');

/** Opens sockets `from` to `to`, a hundred at a time, shared evenly by the feeds; resolves when events reach all of them. */
export async function openCrowd(
  port: number,
  dialect: Dialect,
  {
    from,
    to,
    feeds,
    onEvent,
  }: { readonly from: number; readonly to: number; readonly feeds: number; readonly onEvent: OnEvent },
): Promise<Crowd> {
  const sockets: Socket[] = [];
  const connectMs: number[] = [];
  for (let first = from; first < to; first += 100) {
    const opening = Array.from({ length: Math.min(100, to - first) }, async (_, index) => {
      const client = first + index;
      const startedAt = performance.now();
      const socket = await dial(port, dialect, client % feeds);
      connectMs.push(performance.now() - startedAt);
      sockets.push(socket);
      await listen(socket, dialect, (event) => onEvent(client, event));
    });
    await Promise.all(opening);
  }
  return {
    connectMs,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * Dials a server that only accepts, for nobody. The first server's first hundred would otherwise wait, as no other's, until this process
 * has compiled what it dials with.
 */
export async function rehearse(): Promise<void> {
  const server = createServer().on(
    "upgrade",
    (_, socket) => void socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const dialect: Dialect = { path: "/", headers: () => ({}), answer: () => "PING", isReady: () => true };
  const { port } = server.address() as AddressInfo;
  const crowd = await openCrowd(port, dialect, { from: 0, to: 300, feeds: 1, onEvent: () => undefined });
  crowd.close();
  server.close();
}

async function dial(port: number, { path, headers }: Dialect, feed: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  const lines = {
    host: "x",
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    ...headers(feed),
  };
  const key = randomBytes(16).toString("base64");
  const head = Object.entries({ ...lines, "sec-websocket-key": key }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path.replace("FEED", String(feed))} HTTP/1.1\r\n${head.join("")}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  const end = answer.indexOf("\r\n\r\n") + 4;
  if (!answer.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) throw new Error(`refused: ${answer}`);
  // Frames that came with it.
  if (end < answer.length) socket.unshift(answer.subarray(end));
  return socket;
}

/** Reads frames; resolves once the dialect calls the client ready. */
function listen(socket: Socket, dialect: Dialect, onEvent: (event: number) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let rest: Buffer | null = null;
  let isReady = false;
  const say = (text: string | undefined) => void (text !== undefined && socket.write(maskedFrame(text)));
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("a socket closed")));
  socket.on("data", (chunk: Buffer) => {
    let bytes = rest === null ? chunk : Buffer.concat([rest, chunk]);
    rest = null;
    while (bytes.length > 0) {
      const end = frameEnd(bytes);
      if (end > bytes.length) {
        rest = bytes;
        return;
      }
      const frame = bytes.subarray(0, end);
      for (let at = frame.indexOf(NUMBER); at !== -1; at = frame.indexOf(NUMBER, at + 1)) {
        onEvent(Number.parseInt(frame.toString("latin1", at + NUMBER.length, at + NUMBER.length + 12), 10));
      }
      // Once events come, what asks for an answer is a few bytes long.
      if (!isReady || frame.length < 10) {
        const text = frame.toString("utf8", frame[1] === 126 ? 4 : 2);
        say(dialect.answer(text));
        isReady ||= dialect.isReady(text);
        if (isReady) resolve();
      }
      bytes = bytes.subarray(end);
    }
  });
  say(dialect.answer(null));
  isReady = dialect.isReady("");
  if (isReady) resolve();
  return promise;
}

/** Where the first frame ends; beyond what is there if that cannot be known yet. */
function frameEnd(bytes: Buffer): number {
  if (bytes.length < 2) return 2;
  const length = bytes[1] ?? 0;
  if (length < 126) return 2 + length;
  if (length === 127) throw new Error("a frame of more than 64 KiB");
  return bytes.length < 4 ? 4 : 4 + bytes.readUInt16BE(2);
}

function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0xfe, payload.length >> 8, payload.length & 255];
  // A mask of zeros is a mask.
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}
