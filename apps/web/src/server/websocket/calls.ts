import { appRouter, type Context } from "@darkroom/api";
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError } from "@trpc/server";
import { parseTRPCMessage } from "@trpc/server/rpc";

/** What a client asks for, in tRPC's protocol. */
export type Message = ReturnType<typeof parseTRPCMessage>;
export type Call = Exclude<Message, { method: "subscription.stop" }>;

type OnError = (error: TRPCError, path: string) => void;

const config = appRouter._def._config;

/** @throws Error with what is wrong with it */
export const messageOf = (parsed: unknown): Message => parseTRPCMessage(parsed, config.transformer);

/** What is called with: the cursor that a tRPC client comes back with is part of it. */
export function inputOf({ params: { input, lastEventId } }: Call): unknown {
  if (lastEventId === undefined) return input;
  return typeof input === "object" && input !== null ? { ...input, lastEventId } : (input ?? { lastEventId });
}

/** Calls the procedure. Rejects with what it threw. */
export function callProcedure(call: Call, ctx: Context, signal?: AbortSignal): Promise<unknown> {
  if (call.id === null) throw new TRPCError({ code: "PARSE_ERROR", message: "`id` is required" });
  const input = inputOf(call);
  return callTRPCProcedure({
    ...{ router: appRouter, path: call.params.path, type: call.method, ctx, signal },
    getRawInput: async () => input,
    batchIndex: 0,
  });
}

/** The message that answers a query or a mutation. Never rejects. */
export async function answerOf(call: Call, ctx: Context, onError: OnError): Promise<object> {
  try {
    const { id, jsonrpc } = call;
    return { id, jsonrpc, result: { type: "data", data: await callProcedure(call, ctx) } };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError(error, call.params.path);
    return refusalOf(error, call, ctx);
  }
}

/** The message that says why a call failed, or, without a call, why a message could not be read. */
export function refusalOf(error: TRPCError, call: Call | null, ctx: Context): object {
  const path = call?.params.path;
  const input = call === null ? undefined : inputOf(call);
  const shape = getTRPCErrorShape({ config, error, type: call?.method ?? "unknown", path, input, ctx });
  return { id: call?.id ?? null, ...(call !== null && { jsonrpc: call.jsonrpc }), error: shape };
}
