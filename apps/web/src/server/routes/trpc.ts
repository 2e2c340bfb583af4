import type { IncomingMessage } from "node:http";
import { appRouter, errorFacts, keepRequestId, newAnswerBudget } from "@darkroom/api";
import { readBody } from "@darkroom/auth";
import { MAX_BATCH_CALLS, MAX_BODY_BYTES } from "@darkroom/contracts";
import type { TRPCError, TRPCProcedureType } from "@trpc/server";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { resolveResponse } from "@trpc/server/http";
import { answerOne, isOneCall } from "./one-call.ts";
import { openStream } from "./open-stream.ts";
import type { Exchange, HttpParts } from "./route.ts";

const PREFIX = "/api/trpc/";

/** `/api/trpc/*`: tRPC over HTTP and server-sent events. A caller who leaves ends what it asked for. */
export async function trpc(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, url, identity, requestId } = exchange;
  const gone = new AbortController();
  // A caller who got its answer is not gone, and an abort costs more than all else that is done here: it makes an exception.
  response.once("close", () => response.writableFinished || gone.abort());
  const written = url.pathname.slice(PREFIX.length);
  const path = decodeURIComponent(written);
  const type = typeOf(path);
  const stream = type === "subscription" ? await openStream(exchange, parts) : null;
  // tRPC itself would read other letters than were sent of what is not UTF-8.
  const body = request.method === "POST" ? await readBody(request, { maxBytes: MAX_BODY_BYTES }) : undefined;
  const context = () =>
    parts.createContext(request, identity, {
      signal: gone.signal,
      requestId,
      enter: () => parts.inFlight(identity.principal, parts.addressGroupOf(request)),
      answerBudget: newAnswerBudget(),
      ...(stream === null ? { transport: "http" } : { transport: "sse", connectionId: stream.connectionId }),
    });
  const calls = {
    router: appRouter,
    // It decodes it.
    path: written,
    maxBatchSize: MAX_BATCH_CALLS,
    // A query whose input is too long for an address may be sent as POST: a search for a whole prompt.
    allowMethodOverride: true,
    createContext: async () => context(),
    responseMeta: ({ errors }: { errors: readonly TRPCError[] }) => ({ headers: retryAfter(errors) }),
    onError: ({ error, path, ctx }: { error: TRPCError; path: string | undefined; ctx: unknown }) => {
      if (ctx === undefined) keepRequestId(error, requestId);
      // The body of a caller who left breaks off as a connection to Postgres does.
      if (!response.closed) parts.logFailure(error, { path, requestId });
    },
  };
  if (body !== undefined && isOneCall(exchange, type))
    return answerOne(response, { path, type, body, ctx: context(), onError: calls.onError });
  if (stream === null && !takesLines(request)) return answerWhole(exchange, { ...calls, body });
  await nodeHTTPRequestHandler({ ...calls, req: Object.assign(request, { body }), res: response });
}

/** When to ask again, for whoever was refused until then. */
function retryAfter(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.map((error) => errorFacts(error).retryAfterSeconds ?? 0);
  const longest = Math.ceil(Math.max(0, ...waits));
  return longest > 0 ? { "retry-after": String(longest) } : {};
}

/** Whether the answers of a batch are to be sent one by one, as they come. */
const takesLines = ({ headers }: IncomingMessage): boolean =>
  `${headers["trpc-accept"]} ${headers.accept}`.includes("application/jsonl");

/**
 * Sends an answer that is there as a whole by one write. tRPC's adapter takes every answer through two web streams, writes its end by itself, and
 * aborts each request that was answered, which makes an exception.
 */
async function answerWhole(
  { request, response, url }: Exchange,
  { body, ...calls }: Omit<Parameters<typeof resolveResponse>[0], "req" | "error"> & { body: string | undefined },
): Promise<void> {
  const headers = new Headers();
  // All that tRPC reads.
  for (const name of ["content-type", "accept", "trpc-accept"] as const) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const req = new Request(url, { method: request.method ?? "GET", headers, ...(body === undefined ? {} : { body }) });
  const answer = await resolveResponse({ ...calls, req, error: null });
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  // Its bytes, as they are made: a text would be read from them and made into bytes again.
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Whether a path is that of a query, of a mutation, or of a subscription, which tRPC answers with server-sent events; null for no procedure's. */
function typeOf(path: string): TRPCProcedureType | null {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: TRPCProcedureType } }>;
  return Object.hasOwn(procedures, path) ? (procedures[path]?._def.type ?? null) : null;
}
