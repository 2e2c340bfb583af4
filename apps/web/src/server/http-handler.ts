import type { IncomingMessage, ServerResponse } from "node:http";
import { errorFacts } from "@darkroom/api";
import type { Identity } from "@darkroom/auth";
import { DarkroomError, hasRole } from "@darkroom/contracts";
import { replyError } from "./http/reply.ts";
import { requestUrl } from "./http/request-url.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { storageOutage } from "./http/storage-refusal.ts";
import type { Exchange, HttpParts, Route } from "./routes/route.ts";
import { findRoute } from "./routes/table.ts";

/** Answers requests: the paths of the route table first, everything else is a page. */
export function createHttpHandler(
  parts: HttpParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      setSecurityHeaders(request, response, { dev: parts.dev });
      await answer(parts, request, response);
    } catch (error) {
      await refuse(parts, request, response, error);
    }
  };
}

async function answer(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = requestUrl(request);
  if (url === null) throw new DarkroomError("INPUT_INVALID", "This is no address.");
  const isApi = url.pathname.startsWith("/api/");
  // Responses are private by default; cacheable ones override this header.
  if (isApi) response.setHeader("cache-control", "private, no-store");
  const { route, params } = findRoute(url.pathname) ?? { route: null, params: {} };
  if (route?.role === "anonymous") return route.handle({ request, response, url, params }, parts);
  // A page's scripts and icons are everyone's, and no reason to ask the database.
  if (parts.pages !== null && isAsset(url)) return parts.pages(request, response);
  const identity = await identify(parts, request, response);
  if (route !== null) {
    const exchange = { request, response, url, params, identity };
    requireMethod(exchange, route.method);
    requireRole(exchange, route.role);
    return route.handle(exchange, parts);
  }
  if (isApi || parts.pages === null) throw new DarkroomError("NOT_FOUND", "There is nothing here.");
  return parts.pages(request, response);
}

const isAsset = ({ pathname }: URL): boolean =>
  pathname.startsWith("/_next/") ||
  (/\.(js|svg|ico|png|txt|webmanifest)$/.test(pathname) && !pathname.startsWith("/api/"));

/** Who asks; a visitor who is new gets their cookie. Refuses a write that another site may have caused. */
async function identify({ auth }: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<Identity> {
  const identity = await auth.identify(request.headers);
  if (isWrite(request.method) && identity.viaCookie && !auth.isAllowedOrigin(request.headers.origin)) {
    throw new DarkroomError("ORIGIN_REJECTED", "This request came from another site.");
  }
  if (identity.setCookie !== null) response.appendHeader("set-cookie", identity.setCookie);
  return identity;
}

const isWrite = (method: string | undefined): boolean => method !== "GET" && method !== "HEAD" && method !== "OPTIONS";

function requireMethod({ request, response }: Exchange, method: Route["method"]): void {
  if (method === "any" || request.method === method || (method === "GET" && request.method === "HEAD")) return;
  response.setHeader("allow", method);
  throw new DarkroomError("INPUT_INVALID", `Use ${method} here.`);
}

function requireRole({ identity }: Exchange, role: Exclude<Route["role"], "anonymous">): void {
  if (role === "public" || hasRole(identity.principal.role, role)) return;
  throw new DarkroomError("FORBIDDEN", `This needs the role ${role}.`);
}

async function refuse(
  { pages, log }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
): Promise<void> {
  const error = storageOutage(thrown) ?? thrown;
  const { code } = errorFacts(error);
  // A person who follows a dead link to a picture gets the page that says so; a program gets JSON.
  if (code === "NOT_FOUND" && request.headers["sec-fetch-mode"] === "navigate" && pages !== null) {
    request.url = "/404";
    return pages(request, response).catch((failure: unknown) => replyError(response, failure));
  }
  if (code === "INTERNAL") log.error({ err: error, path: request.url }, "request failed");
  replyError(response, error);
}
