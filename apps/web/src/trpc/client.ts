import type { AppRouter } from "@darkroom/api";
import { newId } from "@darkroom/contracts";
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
  type TRPCLink,
} from "@trpc/client";
import type { inferRouterOutputs } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import { t, tServer } from "../language/say.ts";

export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type ApiClient = TRPCClient<AppRouter>;

export interface LineHandlers {
  /** The line for subscriptions stands: over a socket, or by server-sent events. */
  readonly onOpen: (transport: "ws" | "sse") => void;
  /** It is away; called again for each try that fails. `isOnline` is false while there is no network at all. */
  readonly onClose: (isOnline: boolean) => void;
}

/** The server takes no more calls in one batch. */
const MAX_BATCH_CALLS = 20;

/** What may go with a call: the id of the request, made at the click; else it is made when it is sent. */
export type RequestContext = { readonly requestId: string };

/** The same id is in the answer's header, in the log of every process that the request touches, and with the job it makes. */
const requestIdHeader = ({ context }: { readonly context: Record<string, unknown> }) => ({
  "x-request-id": typeof context.requestId === "string" ? context.requestId : newId(),
});

export const API_URL = "/api/trpc";

/** The longest address that is asked for; servers and proxies take twice as much at least. */
const MAX_URL_LENGTH = 4000;

/** A link that is loaded with its first call. A load that failed is tried again by the next. */
export function lazyLink(load: () => Promise<TRPCLink<AppRouter>>): TRPCLink<AppRouter> {
  let loaded: Promise<TRPCLink<AppRouter>> | undefined;
  const loadOnce = () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return (runtime) => (call) =>
    observable((observer) => {
      const ended = new AbortController();
      loadOnce().then(
        (link) => {
          if (ended.signal.aborted) return;
          const calling = link(runtime)(call).subscribe(observer);
          ended.signal.addEventListener("abort", () => calling.unsubscribe());
        },
        (error) => observer.error(TRPCClientError.from(error)),
      );
      return () => ended.abort();
    });
}

export const cookiesBlocked = (): string =>
  t`This browser blocks cookies for this site, so nothing that you make could be kept for you. Allow them and reload the page.`;

/**
 * Refuses whatever would write while the browser keeps no cookies: each request would be a new visitor's, and nobody would
 * ever find the job again.
 */
const cookieLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    if (op.type !== "mutation" || navigator.cookieEnabled) return next(op);
    const data = { code: "UNAUTHENTICATED", httpStatus: 401 };
    const refused = { error: { message: cookiesBlocked(), code: -32_001, data } };
    return observable((observer) =>
      observer.error(TRPCClientError.from(refused as unknown as Parameters<typeof TRPCClientError.from>[0])),
    );
  };

/** Says what the server refuses in the language of the page, wherever it is shown. */
const languageLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        ...observer,
        error: (error) => {
          error.message = tServer(error.message);
          for (const field of error.data?.fields ?? []) Object.assign(field, { message: tServer(field.message) });
          observer.error(error);
        },
      }),
    );

/** The links of the page's client: subscriptions over `live`, everything else over HTTP. */
export function createLinks(live: TRPCLink<AppRouter>) {
  return [
    languageLink,
    cookieLink,
    splitLink<AppRouter>({
      condition: ({ type }) => type === "subscription",
      true: live,
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
export function createApiClient(live: TRPCLink<AppRouter>): ApiClient {
  return createTRPCClient<AppRouter>({ links: createLinks(live) });
}
