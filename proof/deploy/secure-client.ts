import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";

/** What came, and when each piece of it did, by `performance.now()`. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Calls an HTTPS server whose certificate comes from that authority. */
export function createSecureClient(url: string, ca: string) {
  function open(path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const outgoing = request(
        `${url}${path}`,
        { method, ca, agent: false, headers: { ...headers, ...length } },
        resolve,
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
  return {
    open,
    ask: async (path: string, asked?: Asked): Promise<Answer> => {
      const incoming = await open(path, asked);
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await text(incoming) };
    },
    socket: (path: string, headers: Readonly<Record<string, string>>): WebSocket =>
      new WebSocket(`${url.replace("https", "wss")}${path}`, { ca, headers, perMessageDeflate: false }),
  };
}
