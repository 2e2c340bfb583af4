import type { IncomingMessage, ServerResponse } from "node:http";
import { authorize, errorFacts } from "@darkroom/api";
import { type Identity, originRejected } from "@darkroom/auth";
import { CONTRACT_VERSION, DarkroomError } from "@darkroom/contracts";
import { TRPCError } from "@trpc/server";
import { askAs } from "./ask-as.ts";
import { replyError } from "./http/reply.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./http/request-id.ts";
import { requestUrl } from "./http/request-url.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { storageRefusal } from "./http/storage-refusal.ts";
import type { HttpParts } from "./routes/route.ts";
import { allowedAt, type FoundRoute, findRoute } from "./routes/table.ts";

/** Answers requests: the paths of the route table first, everything else is a page. */
export function createHttpHandler(
  parts: HttpParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    // What is left of a body that was refused half read is thrown away: the connection's next request would wait behind it.
    response.once("finish", () => request.resume());
    try {
      setSecurityHeaders(request, response, parts);
      await answer(parts, request, response, requestId);
    } catch (error) {
      await refuse(parts, request, response, { thrown: error, requestId });
    }
  };
}

async function answer(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const url = requestUrl(request);
  if (url === null) throw new DarkroomError("INPUT_INVALID", "This is no address.");
  simplify(request, url);
  if (!isDecodable(url.pathname)) {
    const fields = [{ path: "path", message: "must have % only before two hexadecimal digits of UTF-8" }];
    throw new DarkroomError("INPUT_INVALID", "The path has a broken % in it.", { fields });
  }
  // It would send back what a browser keeps from scripts, and readers further on cannot hold it.
  if (request.method === "TRACE")
    throw new TRPCError({ code: "METHOD_NOT_SUPPORTED", message: "TRACE is not answered here." });
  const isApi = url.pathname.startsWith("/api/");
  // Responses are private by default; cacheable ones override this header.
  if (isApi) {
    response.setHeader("cache-control", "private, no-store");
    response.setHeader("x-contract-version", CONTRACT_VERSION);
  }
  const found = findRoute(request.method, url.pathname);
  if (found !== null && isMethodAnswered(request, response, url.pathname)) return;
  // A page shows what it could read of its address; nothing is stored of that.
  if (found !== null) assertReadable(url);
  if (found !== null) return answerRoute(parts, request, response, { url, requestId, ...found });
  if (isApi) throw new DarkroomError("NOT_FOUND", "There is nothing here.");
  // A page's scripts and icons are everyone's, and no reason to ask the database.
  if (isAsset(url) && parts.pages !== null) return parts.pages(request, response, null);
  const identity = await identify(parts, request, response);
  if (parts.pages === null) throw new DarkroomError("NOT_FOUND", "There is nothing here.");
  return parts.pages(request, response, askAs(identity, { request, response, requestId }, parts));
}

async function answerRoute(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  { route, url, params, requestId }: FoundRoute & { url: URL; requestId: string },
): Promise<void> {
  refuseEncoded(request, response);
  const exchange = { request, response, url, params, requestId };
  if ("isAnonymous" in route) return route.handle(exchange, parts);
  const identity = await identify(parts, request, response);
  authorize(route.door, identity.principal);
  if (route.hasCalls === undefined) {
    const leave = await parts.inFlight(identity.principal, parts.addressGroupOf(request));
    // A caller who left while waiting for a place has closed the response already.
    if (response.closed) return leave();
    response.once("close", leave);
  }
  return route.handle({ ...exchange, identity }, parts);
}

/** Takes away what HTTP gives no meaning and readers further on trip over: a host in the target, capitals in the media type. */
function simplify(request: IncomingMessage, { pathname, search }: URL): void {
  if (!request.url?.startsWith("/")) request.url = `${pathname}${search}`;
  const type = request.headers["content-type"];
  if (type !== undefined && /^[^;]*[A-Z]/.test(type))
    request.headers["content-type"] = type.replace(/^[^;]+/, (mediaType) => mediaType.toLowerCase());
}

/** Refuses a query that is not UTF-8: `URLSearchParams` reads other letters than were sent. A lone `%` it leaves as it is. */
function assertReadable({ search }: URL): void {
  if (!search.includes("%")) return;
  const unread = search
    .slice(1)
    .split("&")
    .find((pair) => !isDecodable(pair.replace(/%(?![\da-f]{2})/gi, "%25")));
  if (unread === undefined) return;
  const [name = ""] = unread.split("=");
  const fields = [{ path: isDecodable(name) ? decodeURIComponent(name) : "query", message: "must be in UTF-8" }];
  throw new DarkroomError("INPUT_INVALID", "The address's query must be in UTF-8.", { fields });
}

function isDecodable(text: string): boolean {
  if (!text.includes("%")) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const isAsset = ({ pathname }: URL): boolean =>
  pathname.startsWith("/_next/") || /\.(js|svg|ico|png|txt|webmanifest)$/.test(pathname);

/** Who asks; a visitor who is new gets their cookie. Refuses a write that another site may have caused. */
async function identify({ auth }: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<Identity> {
  const identity = await auth.identify(request.headers);
  if (isWrite(request.method) && identity.viaCookie && !auth.isAllowedOrigin(request.headers.origin)) {
    throw originRejected(request.headers.origin);
  }
  if (identity.setCookie !== null) response.appendHeader("set-cookie", identity.setCookie);
  return identity;
}

const isWrite = (method: string | undefined): boolean => method !== "GET" && method !== "HEAD" && method !== "OPTIONS";

/**
 * Answers `OPTIONS` with the verbs that the path takes, and then returns true.
 *
 * @throws TRPCError `METHOD_NOT_SUPPORTED` for a verb that it does not take, with the header `Allow`
 */
function isMethodAnswered(request: IncomingMessage, response: ServerResponse, pathname: string): boolean {
  const allowed = allowedAt(pathname);
  if (allowed.length === 0 || allowed.includes(request.method ?? "GET")) return false;
  response.setHeader("allow", allowed.join(", "));
  if (request.method !== "OPTIONS") {
    const verbs = allowed.filter((method) => method !== "HEAD").join(" or ");
    throw new TRPCError({ code: "METHOD_NOT_SUPPORTED", message: `Use ${verbs} here.` });
  }
  response.writeHead(204).end();
  return true;
}

/** Refuses a compressed body before anybody reads it: each reader would find other words for what it cannot read. */
function refuseEncoded(request: IncomingMessage, response: ServerResponse): void {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return;
  response.setHeader("accept-encoding", "identity");
  const fields = [{ path: "content-encoding", message: "must be left out: send the body as it is" }];
  const cause = new DarkroomError("INPUT_INVALID", "The body must be sent as it is, without Content-Encoding.", {
    fields,
  });
  throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE", message: cause.message, cause });
}

async function refuse(
  { pages, logFailure }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  { thrown, requestId }: { readonly thrown: unknown; readonly requestId: string },
): Promise<void> {
  const told = { requestId, isTrpc: request.url?.startsWith("/api/trpc/") ?? false };
  const error = storageRefusal(thrown) ?? thrown;
  const { code } = errorFacts(error);
  // A person who follows a dead link to a picture gets the page that says so; a program gets JSON.
  if (code === "NOT_FOUND" && request.headers["sec-fetch-mode"] === "navigate" && pages !== null) {
    request.url = "/404";
    return pages(request, response, null).catch((failure: unknown) => replyError(response, failure, told));
  }
  // A caller who left was refused nothing: Node's error for a body that broke off has the code ECONNRESET, as if Postgres
  // were away.
  const hasLeft = request.errored !== null || response.closed;
  if (code === "INTERNAL" || !hasLeft) logFailure(error, { path: request.url, requestId });
  replyError(response, error, told);
}
