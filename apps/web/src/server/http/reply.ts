import type { ServerResponse } from "node:http";
import { errorFacts, trpcErrorShape } from "@darkroom/api";

/** Answers with JSON that no shared cache keeps, because most answers are about one caller. */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "private, no-store",
  });
  response.end(JSON.stringify(body));
}

/** Answers an expected refusal with its stable code, and anything else with a 500 that reveals nothing internal. */
export function replyError(
  response: ServerResponse,
  error: unknown,
  { requestId, isTrpc }: { readonly requestId: string; readonly isTrpc: boolean },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message, fields, retryAfterSeconds, httpStatus } = errorFacts(error);
  if (retryAfterSeconds !== null) response.setHeader("retry-after", Math.ceil(retryAfterSeconds));
  // Which HTTP asks of every 401; browsers show no form for it.
  if (httpStatus === 401) response.setHeader("www-authenticate", "Bearer");
  const told = {
    code,
    message,
    ...(fields.length > 0 && { fields }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    requestId,
  };
  // Clients of `/api/trpc/*` read tRPC's shape and nothing else, whoever refuses.
  replyJson(response, httpStatus, { error: isTrpc ? trpcErrorShape(error, { requestId }) : told });
}
