import type { AppRouter } from "@darkroom/api";
import { backoffMs, newId } from "@darkroom/contracts";
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  wsLink,
} from "@trpc/client";
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

/** What may go with a call: the id of the request, made at the click; else it is made when it is sent. */
export type RequestContext = { readonly requestId: string };

/** The same id is in the answer's header, in the log of every process that the request touches, and with the job it makes. */
const requestIdHeader = ({ context }: { readonly context: Record<string, unknown> }) => ({
  "x-request-id": typeof context.requestId === "string" ? context.requestId : newId(),
});

const API_URL = "/api/trpc";

/** The longest address that is asked for; servers and proxies take twice as much at least. */
const MAX_URL_LENGTH = 4000;

/** The links of the page's client: subscriptions over the socket, everything else over HTTP. */
export function createLinks(socket: ReturnType<typeof createSocket>) {
  return [
    splitLink<AppRouter>({
      condition: ({ type }) => type === "subscription",
      true: wsLink({ client: socket }),
      false: splitLink({
        condition: ({ type, input }) => type === "query" && isTooLongForUrl(input),
        true: httpLink({ url: API_URL, methodOverride: "POST", headers: ({ op }) => requestIdHeader(op) }),
        false: splitLink({
          condition: ({ type }) => type === "mutation",
          // Each click is a request of its own, with its own id.
          true: httpLink({ url: API_URL, headers: ({ op }) => requestIdHeader(op) }),
          false: httpBatchLink({ url: API_URL, maxURLLength: MAX_URL_LENGTH, maxItems: MAX_BATCH_CALLS }),
        }),
      }),
    }),
  ];
}

/** Leaves room for the rest of the address: a search for a whole prompt is too long, and goes into the body of a POST. */
export function isTooLongForUrl(input: unknown): boolean {
  return encodeURIComponent(JSON.stringify(input ?? null)).length > MAX_URL_LENGTH - 500;
}

/** A client without React, for the feed and for the handlers of events. */
export function createApiClient(socket: ReturnType<typeof createSocket>): ApiClient {
  return createTRPCClient<AppRouter>({ links: createLinks(socket) });
}
