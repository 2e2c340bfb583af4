import { appRouter, errorFacts, newAnswerBudget } from "@darkroom/api";
import { readBody } from "@darkroom/auth";
import { MAX_BATCH_CALLS, MAX_BODY_BYTES } from "@darkroom/contracts";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { openStream } from "./open-stream.ts";
import type { Exchange, HttpParts } from "./route.ts";

const PREFIX = "/api/trpc/";

/** `/api/trpc/*`: tRPC over HTTP and server-sent events. A caller who leaves ends what it asked for. */
export async function trpc(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, url, identity, requestId } = exchange;
  const gone = new AbortController();
  // A caller who got its answer is not gone, and an abort costs more than all else that is done here: it makes an exception.
  response.once("close", () => response.writableFinished || gone.abort());
  const stream = isSubscription(url) ? await openStream(exchange, parts) : null;
  // tRPC itself would read other letters than were sent of what is not UTF-8.
  const body = request.method === "POST" ? await readBody(request, { maxBytes: MAX_BODY_BYTES }) : undefined;
  await nodeHTTPRequestHandler({
    router: appRouter,
    req: Object.assign(request, { body }),
    res: response,
    path: url.pathname.slice(PREFIX.length),
    maxBatchSize: MAX_BATCH_CALLS,
    // A query whose input is too long for an address may be sent as POST: a search for a whole prompt.
    allowMethodOverride: true,
    createContext: () =>
      parts.createContext(request, identity, {
        signal: gone.signal,
        requestId,
        enter: () => parts.inFlight(identity.principal, parts.addressGroupOf(request)),
        answerBudget: newAnswerBudget(),
        ...(stream === null ? { transport: "http" } : { transport: "sse", connectionId: stream.connectionId }),
      }),
    responseMeta: ({ errors }) => {
      const waits = errors.map((error) => errorFacts(error).retryAfterSeconds ?? 0);
      const longest = Math.ceil(Math.max(0, ...waits));
      return longest > 0 ? { headers: { "retry-after": String(longest) } } : {};
    },
    onError: ({ error, path }) => {
      // The body of a caller who left breaks off as a connection to Postgres does.
      if (!response.closed) parts.logFailure(error, { path, requestId });
    },
  });
}

/** Whether one subscription is asked for: tRPC answers it with server-sent events. */
function isSubscription({ pathname }: URL): boolean {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
  const path = pathname.slice(PREFIX.length);
  return Object.hasOwn(procedures, path) && procedures[path]?._def.type === "subscription";
}
