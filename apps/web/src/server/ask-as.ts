import { appRouter, errorFacts, newAnswerBudget } from "@darkroom/api";
import type { Identity } from "@darkroom/auth";
import { callTRPCProcedure } from "@trpc/server";
import type { PageRequest } from "../page-request.ts";
import type { AnonymousExchange, HttpParts } from "./routes/route.ts";

/**
 * Queries of the API on behalf of a visitor whose page is rendered: with the same doors, limits and answers as over HTTP. After one that
 * met an outage no other is asked: a page that asks one after another would wait for Postgres as often, and arrives without them.
 */
export function askAs(
  identity: Identity,
  { request, response, requestId }: Pick<AnonymousExchange, "request" | "response" | "requestId">,
  parts: HttpParts,
): NonNullable<PageRequest["ask"]> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const ctx = parts.createContext(request, identity, {
    signal: gone.signal,
    requestId,
    transport: "http",
    enter: () => parts.inFlight(identity.principal, parts.addressGroupOf(request)),
    answerBudget: newAnswerBudget(),
  });
  let outage: unknown = null;
  return async (path, input) => {
    if (outage !== null) throw outage;
    const answer = await callTRPCProcedure({
      router: appRouter,
      path,
      getRawInput: async () => input,
      ctx,
      type: "query",
      signal: gone.signal,
      batchIndex: 0,
    }).catch((error: unknown) => {
      if (errorFacts(error).code === "UNAVAILABLE") outage = error;
      throw error;
    });
    // As it would arrive over HTTP, so that the browser's own answers later look the same.
    return JSON.parse(JSON.stringify(answer)) as unknown;
  };
}
