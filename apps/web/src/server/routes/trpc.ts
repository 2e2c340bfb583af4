import { appRouter, errorFacts, MAX_BATCH_CALLS, newAnswerBudget } from "@darkroom/api";
import { DarkroomError, MAX_BODY_BYTES } from "@darkroom/contracts";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { closeCodes } from "../connections/close-codes.ts";
import { keepStreamAlive } from "../http/keep-alive.ts";
import type { Exchange, HttpParts } from "./route.ts";

const PREFIX = "/api/trpc/";
const STREAM_RETRY_SECONDS = 10;

/** `/api/trpc/*`: tRPC over HTTP and server-sent events. A caller who leaves ends what it asked for. */
export async function trpc(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, url, identity, requestId } = exchange;
  const gone = new AbortController();
  // A caller who got its answer is not gone, and an abort costs more than all else that is done here: it makes an exception.
  response.once("close", () => response.writableFinished || gone.abort());
  const stream = isSubscription(url) ? await openStream(exchange, parts) : null;
  await nodeHTTPRequestHandler({
    router: appRouter,
    req: request,
    res: response,
    path: url.pathname.slice(PREFIX.length),
    maxBodySize: MAX_BODY_BYTES,
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

/**
 * Counts an event stream among the connections until it ends, exactly as a socket: it has the same limits, and it is ended
 * when its credential does, or to send the client elsewhere. The client reconnects by itself with its cursor.
 *
 * @throws DarkroomError `RATE_LIMITED`; `UNAVAILABLE` while the process stops
 */
async function openStream(
  { request, response, url, identity }: Exchange,
  { connections, addressKeyOf, isDraining, log }: HttpParts,
): Promise<{ readonly connectionId: string }> {
  if (isDraining())
    throw new DarkroomError("UNAVAILABLE", "This process is stopping. Please try again.", { retryAfterSeconds: 2 });
  const place = await connections.admit(identity.principal, addressKeyOf(request) ?? undefined);
  if (typeof place === "string") {
    log.warn({ ownerId: identity.principal.ownerId, per: place }, "too many event streams");
    connections.refused(429);
    throw new DarkroomError("RATE_LIMITED", "Too many subscriptions are open. Close some and try again.", {
      retryAfterSeconds: STREAM_RETRY_SECONDS,
    });
  }
  // Events have no close code: what we end is counted by the code that a socket would have been closed with.
  let closedWith = 1000;
  const close = (code: number): void => {
    closedWith = code;
    response.destroy();
  };
  const sendAway = () => close(closeCodes.restart);
  const { connection, remove } = place.add(identity, "sse", { sendAway, close });
  // A caller who left meanwhile has closed the response already.
  if (response.closed) remove(closedWith);
  else response.once("close", () => remove(closedWith));
  if (request.headers["last-event-id"] !== undefined || url.searchParams.has("lastEventId")) connections.resumed();
  keepStreamAlive(response);
  return connection;
}
