import { backoffMs } from "@darkroom/contracts";
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from "@trpc/client";
import { WebSocket as NodeWebSocket } from "ws";
import type { AppRouter } from "../app-router.ts";
import { createSemaphore } from "./semaphore.ts";

/** Jobs that one socket follows at once; the server allows 128 subscriptions. */
const MAX_FOLLOWED = 100;

/** After a restart of the server every client finds its socket closed at the same moment: the first wait is a long one. */
const RECONNECT = { firstMs: 1500, maxMs: 3000 };

/**
 * How long a socket that is being closed waits for the other end. `ws` waits 30 s, and only then does tRPC open another: a
 * half-open socket would be noticed by its missing pong, and kept all the same.
 */
const CLOSE_TIMEOUT_MS = 1000;

/**
 * How long a server may take to answer a new socket's request. tRPC's keep-alive begins only with an open socket, so
 * without this a client whose request was lost on the way would wait for ever. A gateway that waits for Postgres answers
 * within six seconds.
 */
const HANDSHAKE_TIMEOUT_MS = 8000;

export interface TransportOptions {
  /** Where Darkroom is, e.g. `https://pictures.example`. */
  readonly url: string;
  /** An API key (`dk_…`); the scope `submit` to make jobs, `read` to see them. */
  readonly apiKey: string;
  /** The socket's path; the server's `WS_PATH`. */
  readonly webSocketPath?: string;
  /** Another WebSocket class, e.g. in a runtime whose sockets cannot set headers. Must authenticate by itself. */
  readonly webSocket?: typeof WebSocket;
}

/** tRPC over HTTP for calls, and over one shared socket for subscriptions. The socket opens when it is first needed. */
export function createTransport({ url, apiKey, webSocketPath = "/ws", webSocket }: TransportOptions) {
  const headers = { authorization: `Bearer ${apiKey}` };
  const socketUrl = new URL(webSocketPath, url);
  socketUrl.protocol = socketUrl.protocol === "https:" ? "wss:" : "ws:";
  const socket = createWSClient({
    url: socketUrl.href,
    WebSocket: webSocket ?? withHeaders(headers),
    // Idle sockets close, so that a service which waits for nothing holds nothing and may exit.
    lazy: { enabled: true, closeMs: 1000 },
    // With the close timeout, a half-open socket is given up eight seconds after its other end went silent.
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 2000 },
    retryDelayMs: (tries) => backoffMs(tries, RECONNECT),
  });
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: wsLink({ client: socket }),
        false: httpLink({ url: new URL("/api/trpc", url).href, headers }),
      }),
    ],
  });
  return {
    trpc,
    followed: createSemaphore(MAX_FOLLOWED),
    /** `fetch` below the server's address, with the key. */
    get: (path: string, signal?: AbortSignal): Promise<Response> =>
      fetch(new URL(path, url), { headers, ...(signal === undefined ? {} : { signal }) }),
    close: (): Promise<void> => socket.close(),
  };
}

export type Transport = ReturnType<typeof createTransport>;

/** Node's own WebSocket sends no headers, and a key in the URL would stand in logs; `ws` can send it on the upgrade. */
function withHeaders(headers: Record<string, string>): typeof WebSocket {
  class AuthorizedWebSocket extends NodeWebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      // The types of `ws` do not know `closeTimeout` yet.
      const options = {
        headers,
        perMessageDeflate: false,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        closeTimeout: CLOSE_TIMEOUT_MS,
      };
      super(address, protocols ?? [], options);
    }
  }
  return AuthorizedWebSocket as unknown as typeof WebSocket;
}
