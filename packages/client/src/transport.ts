import type { AppRouter } from "@darkroom/api";
import { backoffMs, MAX_BATCH_CALLS } from "@darkroom/contracts";
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  wsLink,
} from "@trpc/client";
import { WebSocket as NodeWebSocket } from "ws";
import { call } from "./call.ts";
import { fewAtOnce } from "./few-at-once.ts";

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

/** Requests under way at once: the server holds so many of a caller, lets a few more wait, and refuses the others. */
const REQUESTS = 16;

/** How the client goes on when a connection fails. */
export interface RetryPolicy {
  /** Milliseconds before attempt 0, 1, 2 …; without it, from 1.5 to 3 s with jitter. */
  readonly delayMs?: (attempt: number) => number;
  /** After so many attempts in a row everything that waits is rejected with `ConnectionLost`; without it, never. */
  readonly maxAttempts?: number;
}

export interface ClientOptions {
  /** Where Darkroom is, e.g. `https://pictures.example`. */
  readonly url: string;
  /** An API key (`dk_…`) with the scopes `submit` and `read`; left out in a page of Darkroom's own origin, which has a cookie. */
  readonly apiKey?: string;
  /** The socket's path; the server's `WS_PATH`. */
  readonly webSocketPath?: string;
  /** Another WebSocket class, e.g. in a runtime whose sockets cannot set headers. Must authenticate by itself. */
  readonly webSocket?: typeof WebSocket;
  readonly retry?: RetryPolicy;
}

/** How the socket is: `idle` while nothing is followed. */
export type ConnectionState = "idle" | "connecting" | "open";

/** Nobody answers there: at a call, or for as many attempts of the socket as the retry policy allows. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

export interface Transport {
  /** Calls go over HTTP, subscriptions over one shared socket, which opens when it is first needed. */
  readonly trpc: TRPCClient<AppRouter>;
  /** `fetch` below the server's address, with the key. */
  get(path: string, signal?: AbortSignal): Promise<Response>;
  connectionState(): ConnectionState;
  /** Calls back on every change; answers what stops that. */
  onConnectionState(tell: (state: ConnectionState) => void): () => void;
  /** Calls back when the retry policy allows no more attempts. */
  onGiveUp(tell: (error: ConnectionLost) => void): () => void;
  close(): Promise<void>;
}

export function createTransport(options: ClientOptions): Transport {
  const { url, apiKey, webSocketPath = "/ws", webSocket, retry = {} } = options;
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const { delayMs = (attempt: number) => backoffMs(attempt, RECONNECT), maxAttempts = Number.POSITIVE_INFINITY } =
    retry;
  const gaveUp = new Set<(error: ConnectionLost) => void>();
  const changed = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = "idle";
  const socketUrl = new URL(webSocketPath, url);
  socketUrl.protocol = socketUrl.protocol === "https:" ? "wss:" : "ws:";
  const socket = createWSClient({
    url: socketUrl.href,
    WebSocket: webSocket ?? (apiKey === undefined ? WebSocket : withHeaders(headers)),
    // Idle sockets close, so that a service which waits for nothing holds nothing and may exit.
    lazy: { enabled: true, closeMs: 1000 },
    // With the close timeout, a half-open socket is given up eight seconds after its other end went silent.
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 2000 },
    retryDelayMs: (attempt) => {
      if (attempt >= maxAttempts) {
        const error = new ConnectionLost(`no connection to ${socketUrl.origin} after ${attempt} attempts`);
        for (const tell of gaveUp) tell(error);
      }
      return delayMs(attempt);
    },
  });
  socket.connectionState.subscribe({
    next: ({ state: next }) => {
      state = next === "pending" ? "open" : next;
      for (const tell of changed) call(tell, state);
    },
  });
  const inTurn = fewAtOnce(REQUESTS);
  const fetchInTurn: typeof reach = (to, init) => inTurn(() => reach(to, init));
  const endpoint = { url: new URL("/api/trpc", url).href, headers, fetch: fetchInTurn };
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: wsLink({ client: socket }),
        false: splitLink({
          // Not for every call: a batch answers when the slowest of its calls does.
          condition: ({ context }) => context.isBatched === true,
          true: httpBatchLink({ ...endpoint, maxItems: MAX_BATCH_CALLS }),
          false: httpLink(endpoint),
        }),
      }),
    ],
  });
  return {
    trpc,
    get: (path, signal) => fetchInTurn(new URL(path, url), { headers, ...(signal === undefined ? {} : { signal }) }),
    connectionState: () => state,
    onConnectionState: (tell) => listen(changed, tell),
    onGiveUp: (tell) => listen(gaveUp, tell),
    close: () => socket.close(),
  };
}

/**
 * `fetch`, which says of a server that does not answer only that it failed.
 *
 * @throws ConnectionLost with the address and why
 */
export async function reach(url: URL | string | Request, init?: object): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AbortError" || error.name === "TimeoutError") throw error;
    const { origin } = new URL(url instanceof Request ? url.url : url);
    const { code, message } = (error.cause ?? error) as { readonly code?: string; readonly message?: string };
    throw new ConnectionLost(`no answer from ${origin} (${code ?? message})`, { cause: error });
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True for an answer of the server that stays the same when it is asked again; false for a failed connection and a limit. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !("data" in error)) return false;
  const data = error.data as { readonly retryAfterSeconds?: number | null } | null | undefined;
  return data !== undefined && data !== null && (data.retryAfterSeconds ?? null) === null;
}

/** Node's own WebSocket sends no headers, and a key in the URL would stand in logs; `ws` can send it on the upgrade. */
function withHeaders(headers: Record<string, string>): typeof WebSocket {
  // Where a bundler knows that it builds for browsers, it has no `ws`, whatever its types say.
  if ((NodeWebSocket as unknown) === undefined) {
    throw new TypeError(
      "A browser's sockets cannot carry an API key. In a page of Darkroom's own origin leave apiKey out; for another, ask from a server of your own.",
    );
  }
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
