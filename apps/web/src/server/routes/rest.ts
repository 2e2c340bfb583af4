import {
  type Context,
  callOperation,
  errorFacts,
  findOperation,
  hasBody,
  newAnswerBudget,
  readInput,
} from "@darkroom/api";
import { DarkroomError, type Remaining } from "@darkroom/contracts";
import { rateLimitHeaders, refusedLimitHeaders } from "../http/rate-limit-headers.ts";
import { readJson } from "../http/read-json.ts";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

export const REST_PREFIX = "/api/v1";

/**
 * `/api/v1/*`: the operations of the REST table, each a call of its procedure.
 *
 * @throws TRPCError what the procedure throws
 * @throws DarkroomError `NOT_FOUND` for a path that there is not, `INPUT_INVALID`
 */
export async function rest(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, url } = exchange;
  const found = findOperation(request.method ?? "GET", url.pathname.slice(REST_PREFIX.length));
  if ("allow" in found) throw new DarkroomError("NOT_FOUND", "There is nothing here.");
  const { operation, params } = found;
  const body = hasBody(operation) && hasContent(exchange) ? await readJson(request) : undefined;
  const input = readInput(operation, {
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)])),
    query: url.searchParams,
    body,
    idempotencyKey: idempotencyKeyOf(exchange),
  });
  const context = callContext(exchange, parts);
  const answer = await withLimits(exchange, context, () => callOperation(operation, input, context));
  // A dry run has made nothing.
  const { dryRun = false, jobId = null } = answer as { dryRun?: boolean; jobId?: string | null };
  if (operation.status === 201 && jobId !== null) response.setHeader("location", `${REST_PREFIX}/jobs/${jobId}`);
  replyJson(response, dryRun ? 200 : operation.status, answer);
}

/** The context of calls that a request makes; they end when the caller leaves. */
export function callContext({ request, response, identity, requestId }: Exchange, parts: HttpParts): Context {
  const gone = new AbortController();
  response.once("close", () => response.writableFinished || gone.abort());
  return parts.createContext(request, identity, {
    signal: gone.signal,
    requestId,
    transport: "http",
    enter: () => parts.inFlight(identity.principal, parts.addressGroupOf(request)),
    answerBudget: newAnswerBudget(),
  });
}

/** Runs a call and says in headers what the limits leave, whether it is answered or refused. */
export async function withLimits<Answer>(
  { response }: Pick<Exchange, "response">,
  { limitsOf, principal }: Pick<Context, "limitsOf" | "principal">,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const limits = limitsOf(principal.role);
  const set = (headers: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  try {
    const answer = await call();
    const { remaining = null } = answer as { remaining?: Remaining | null };
    if (remaining !== null) set(rateLimitHeaders(limits, remaining));
    return answer;
  } catch (error) {
    const { code, retryAfterSeconds } = errorFacts(error);
    set(refusedLimitHeaders(limits, code, retryAfterSeconds));
    throw error;
  }
}

export function idempotencyKeyOf({ request }: Pick<Exchange, "request">): string | undefined {
  const given = request.headers["idempotency-key"];
  return Array.isArray(given) ? given[0] : given;
}

const hasContent = ({ request: { headers } }: Exchange): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
