import type { AppRouter } from "@darkroom/api";
import { backoffMs } from "@darkroom/contracts";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, type TRPCClient, wsLink } from "@trpc/client";
import { createTRPCReact } from "@trpc/react-query";
import type { inferRouterOutputs } from "@trpc/server";

export const trpc = createTRPCReact<AppRouter>();
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type ApiClient = TRPCClient<AppRouter>;

/** Our socket's address on the origin that served the page. */
export function socketUrl(location: Pick<Location, "protocol" | "host">): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`;
}

/**
 * Waits between tries to connect. The first may be long, because after a restart every tab finds its socket closed at the
 * same moment; the longest is short, because somebody looks at the page and a refused connection costs the server little.
 */
const RECONNECT = { firstMs: 1500, maxMs: 3000 };

export interface SocketHandlers {
  onOpen?: () => void;
  onClose?: () => void;
}

/** The server takes no more calls in one batch. */
const MAX_BATCH_CALLS = 20;

/** A socket that opens with its first subscription, notices a dead server within 7 s, and keeps trying. */
export function createSocket(handlers: SocketHandlers) {
  return createWSClient({
    url: () => socketUrl(window.location),
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: (tries) => backoffMs(tries, RECONNECT),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 2000 },
    onOpen: () => handlers.onOpen?.(),
    onClose: () => handlers.onClose?.(),
  });
}

/** The links of the page's client: subscriptions over the socket, everything else over HTTP. */
export function createLinks(socket: ReturnType<typeof createSocket>) {
  return [
    splitLink<AppRouter>({
      condition: (operation) => operation.type === "subscription",
      true: wsLink({ client: socket }),
      false: httpBatchLink({ url: "/api/trpc", maxURLLength: 4000, maxItems: MAX_BATCH_CALLS }),
    }),
  ];
}

/** A client without React, for the feed and for the handlers of events. */
export function createApiClient(socket: ReturnType<typeof createSocket>): ApiClient {
  return createTRPCClient<AppRouter>({ links: createLinks(socket) });
}
