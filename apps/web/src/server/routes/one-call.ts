import type { ServerResponse } from "node:http";
import { appRouter, type Context, errorFacts } from "@darkroom/api";
import {
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  type TRPCProcedureType,
} from "@trpc/server";
import { getHTTPStatusCode } from "@trpc/server/http";
import type { Exchange } from "./route.ts";

/**
 * Whether a request is one call of a query or mutation with its input in the body, and nothing in its address: nearly all that
 * services ask.
 */
export function isOneCall({ request, url }: Exchange, type: TRPCProcedureType | null): type is "query" | "mutation" {
  return (
    (type === "query" || type === "mutation") &&
    request.method === "POST" &&
    url.search === "" &&
    request.headers["content-type"]?.startsWith("application/json") === true &&
    request.headers.accept?.includes("application/jsonl") !== true &&
    request.headers["trpc-accept"] === undefined
  );
}

/**
 * Answers such a call to the byte as tRPC does, which reads its body and writes its answer through objects of `fetch` and their streams: a
 * fifth of what a submit costs this process. `trpc.test.ts` compares the two.
 */
export async function answerOne(
  response: ServerResponse,
  call: {
    readonly path: string;
    readonly type: "query" | "mutation";
    readonly body: string;
    readonly ctx: Context;
    readonly onError: (failure: { error: TRPCError; path: string; ctx: Context }) => void;
  },
): Promise<void> {
  const { path, type, ctx, onError } = call;
  const input = inputOf(call.body);
  const getRawInput = async (): Promise<unknown> => input.read();
  response.setHeader("content-type", "application/json");
  let answer: object;
  try {
    const asked = { router: appRouter, path, type, ctx, getRawInput, signal: ctx.signal, batchIndex: 0 };
    answer = { result: { data: await callTRPCProcedure(asked) } };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError({ error, path, ctx });
    const config = appRouter._def._config;
    const shape = getTRPCErrorShape({ config, error, type, path, input: input.known(), ctx });
    answer = { error: shape };
    response.statusCode = getHTTPStatusCode({ error: shape });
    const wait = Math.ceil(errorFacts(error).retryAfterSeconds ?? 0);
    if (wait > 0) response.setHeader("retry-after", wait);
  }
  response.setHeader("vary", "trpc-accept, accept");
  response.end(JSON.stringify(answer));
}

/** The body as JSON, read once, and only if the call asks for it. */
function inputOf(body: string): { read(): unknown; known(): unknown } {
  let known: unknown;
  let isRead = false;
  return {
    read: () => {
      if (isRead) return known;
      try {
        known = JSON.parse(body);
      } catch (cause) {
        throw new TRPCError({ code: "BAD_REQUEST", message: (cause as Error).message, cause });
      }
      isRead = true;
      return known;
    },
    known: () => known,
  };
}
