import type { AppRouter } from "@darkroom/api";
import { backoffMs } from "@darkroom/contracts";
import { httpSubscriptionLink, type TRPCLink } from "@trpc/client";
import { createWSClient, wsLink } from "@trpc/client/links/wsLink/wsLink";
import { API_URL, type LineHandlers } from "./client.ts";
import { PromptSocket } from "./prompt-socket.ts";

/** Our socket's address on the origin that served the page. `path` is the server's `WS_PATH`. */
export function socketUrl({ protocol, host }: Pick<Location, "protocol" | "host">, path: string): string {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}${path}`;
}

/**
 * Waits between tries to connect. The first may be long, because after a restart every tab finds its socket closed at the
 * same moment; the longest is short, because somebody looks at the page and a refused connection costs the server little.
 */
const RECONNECT = { firstMs: 1500, maxMs: 3000 };

/** Together less than 7 s, after which a page must have said that its line is dead. */
const KEEP_ALIVE = { enabled: true, intervalMs: 4000, pongTimeoutMs: 2500 };

/** A socket that opens with its first subscription, notices a dead line within 7 s, and keeps trying. */
export function createSocket(url: string, handlers: LineHandlers) {
  return createWSClient({
    url,
    WebSocket: PromptSocket,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: (tries) => backoffMs(tries, RECONNECT),
    keepAlive: KEEP_ALIVE,
    onOpen: handlers.onOpen,
    onClose: handlers.onClose,
  });
}

/** Subscriptions over the socket; over server-sent events where the server has switched sockets off (`socketPath` is null). */
export function createLiveLink(socketPath: string | null, handlers: LineHandlers): TRPCLink<AppRouter> {
  if (socketPath === null) return httpSubscriptionLink({ url: API_URL, EventSource: tellingEventSource(handlers) });
  return wsLink({ client: createSocket(socketUrl(window.location, socketPath), handlers) });
}

/** The browser's event source, which also tells whether it is connected. */
function tellingEventSource({ onOpen, onClose }: LineHandlers): typeof EventSource {
  return class extends EventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      this.addEventListener("open", onOpen);
      this.addEventListener("error", onClose);
    }
  };
}
