import type { IncomingMessage, ServerResponse } from "node:http";
import { appRouter, type Context, errorFacts } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import { DarkroomError, hasRole, idSchema } from "@darkroom/contracts";
import { attemptAtWork, type Database } from "@darkroom/db";
import type { Publisher, Redis } from "@darkroom/queue";
import type { Storage } from "@darkroom/storage";
import type { Registry } from "@prometheus-io/client";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import type { Logger } from "pino";
import { z } from "zod";
import { MAX_BODY_BYTES, readJson } from "./http/read-json.ts";
import { replyError, replyJson } from "./http/reply.ts";
import { requestUrl } from "./http/request-url.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { storageOutage } from "./http/storage-refusal.ts";
import { generate } from "./routes/generate.ts";
import { readiness } from "./routes/health.ts";
import { serveOutput, serveShare, visibleOwners } from "./routes/outputs.ts";
import { takeUpload } from "./uploads/uploads.ts";
import type { SocketServer } from "./websocket/socket-server.ts";

const adminClaimSchema = z.object({ token: z.string().max(200) });

export interface HttpParts {
  readonly auth: Auth;
  readonly database: Database;
  readonly storage: Storage;
  /** Whether an image may be given by its address. */
  readonly uploadsByUrl: boolean;
  readonly redis: Redis;
  readonly publisher: Publisher;
  readonly sockets: SocketServer;
  readonly metrics: Registry;
  readonly log: Logger;
  readonly dev: boolean;
  readonly isDraining: () => boolean;
  readonly createContext: (request: IncomingMessage, identity: Identity, signal: AbortSignal) => Context;
  /** Next's handler; null where this process serves no pages. */
  readonly pages: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | null;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly identity: Identity;
}

const isWrite = (method: string | undefined): boolean => method !== "GET" && method !== "HEAD" && method !== "OPTIONS";

function requireMethod({ request, response }: Exchange, method: "GET" | "POST"): void {
  if (request.method === method || (method === "GET" && request.method === "HEAD")) return;
  response.setHeader("allow", method);
  throw new DarkroomError("INPUT_INVALID", `Use ${method} here.`);
}

function requireRole({ identity }: Exchange, role: "operator" | "admin"): void {
  if (!hasRole(identity.principal.role, role)) throw new DarkroomError("FORBIDDEN", `This needs the role ${role}.`);
}

/** Answers requests: our own paths first, everything else is a page. */
export function createHttpHandler(
  parts: HttpParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { auth, database, storage, publisher, sockets } = parts;

  async function trpc({ request, response, url, identity }: Exchange): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    await nodeHTTPRequestHandler({
      router: appRouter,
      req: request,
      res: response,
      path: url.pathname.slice("/api/trpc/".length),
      maxBodySize: MAX_BODY_BYTES,
      createContext: () => parts.createContext(request, identity, gone.signal),
      responseMeta: ({ errors }) => {
        const waits = errors.map((error) => errorFacts(error).retryAfterSeconds ?? 0);
        const longest = Math.ceil(Math.max(0, ...waits));
        return longest > 0 ? { headers: { "retry-after": String(longest) } } : {};
      },
      onError: ({ error, path }) => {
        if (errorFacts(error).code === "INTERNAL") parts.log.error({ err: error, path }, "procedure failed");
      },
    });
  }

  async function preview(exchange: Exchange, jobId: string): Promise<void> {
    const id = idSchema.safeParse(jobId);
    const ownerIds = visibleOwners(exchange.identity.principal);
    const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds }) : null;
    if (work === null || !id.success) throw new DarkroomError("NOT_FOUND", "There is no such job.");
    const { attempt } = work;
    // What an attempt that is over left in Redis shows nothing that is true now.
    const image = attempt === null ? null : await publisher.getPreview(id.data, { attempt });
    if (image === null) {
      // Not 404: a picture that a page shows may be gone a moment later, and browsers write every 404 to the console.
      exchange.response.writeHead(204).end();
      return;
    }
    exchange.response.writeHead(200, {
      "content-type": "image/jpeg",
      "content-length": image.byteLength,
    });
    exchange.response.end(image);
  }

  async function generateAndWait({ request, response, identity }: Exchange): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    replyJson(response, 200, await generate(request, parts.createContext(request, identity, gone.signal), gone.signal));
  }

  async function claimAdminLink({ request, response, identity }: Exchange): Promise<void> {
    const claim = adminClaimSchema.safeParse(await readJson(request));
    if (!claim.success) throw new DarkroomError("INPUT_INVALID", "The body must be JSON with a token.");
    await auth.claimAdmin(claim.data.token, identity.principal);
    replyJson(response, 200, { role: "admin" });
  }

  function socketStatus({ response, identity }: Exchange): void {
    const open = sockets.connections();
    replyJson(response, 200, {
      status: parts.isDraining() ? "draining" : "ok",
      websocketManager: "ok",
      connections: {
        totalConnections: open.length,
        ...(hasRole(identity.principal.role, "admin") && {
          connectionDetails: open.map(({ connectionId, principal, connectedAt, lastSeenAt }) => ({
            connectionId,
            ownerId: principal.ownerId,
            connectedAt,
            lastSeenAt,
          })),
        }),
      },
      endpoints: ["/ws", "/api/trpc"],
    });
  }

  function socketStats({ response }: Exchange): void {
    const byOwner = new Map<string, number>();
    for (const { principal } of sockets.connections())
      byOwner.set(principal.ownerId, (byOwner.get(principal.ownerId) ?? 0) + 1);
    replyJson(response, 200, {
      totalUsers: byOwner.size,
      totalClients: sockets.connections().length,
      clientsByUser: [...byOwner].map(([userId, connections]) => ({ userId, connections })),
    });
  }

  async function route(exchange: Exchange): Promise<void> {
    const { request, response, url, identity } = exchange;
    const { pathname } = url;
    if (pathname.startsWith("/api/trpc/")) return trpc(exchange);
    if (pathname.startsWith("/api/auth/")) return auth.handle(request, response);
    const ofPreview = /^\/api\/jobs\/([^/]+)\/preview$/.exec(pathname);
    if (ofPreview?.[1] !== undefined) {
      requireMethod(exchange, "GET");
      return preview(exchange, ofPreview[1]);
    }
    const ofOutput = /^\/api\/outputs\/([^/]+)$/.exec(pathname);
    if (ofOutput?.[1] !== undefined) {
      requireMethod(exchange, "GET");
      return serveOutput(request, response, ofOutput[1], url.searchParams, {
        database,
        storage,
        principal: identity.principal,
      });
    }
    const ofShare = /^\/api\/shares\/([\w-]{1,64})$/.exec(pathname);
    if (ofShare?.[1] !== undefined) {
      requireMethod(exchange, "GET");
      return serveShare(request, response, ofShare[1], { database, storage });
    }
    switch (pathname) {
      case "/api/uploads":
        requireMethod(exchange, "POST");
        return replyJson(
          response,
          200,
          await takeUpload(request, {
            database,
            storage,
            principal: identity.principal,
            byUrl: parts.uploadsByUrl,
          }),
        );
      case "/api/generate":
        requireMethod(exchange, "POST");
        return generateAndWait(exchange);
      case "/api/admin/claim":
        requireMethod(exchange, "POST");
        return claimAdminLink(exchange);
      case "/api/ws/status":
        return socketStatus(exchange);
      case "/api/ws/stats":
        requireRole(exchange, "admin");
        return socketStats(exchange);
      case "/metrics":
        requireRole(exchange, "operator");
        response.writeHead(200, { "content-type": parts.metrics.contentType, "cache-control": "private, no-store" });
        response.end(await parts.metrics.metrics());
        return;
    }
    if (pathname.startsWith("/api/") || parts.pages === null)
      throw new DarkroomError("NOT_FOUND", "There is nothing here.");
    return parts.pages(request, response);
  }

  return async (request, response) => {
    try {
      setSecurityHeaders(request, response, { dev: parts.dev });
      const url = requestUrl(request);
      if (url === null) throw new DarkroomError("INPUT_INVALID", "This is no address.");
      // Whatever we answer is somebody's own; what may be kept says so itself.
      if (url.pathname.startsWith("/api/")) response.setHeader("cache-control", "private, no-store");
      // Health is asked by machines, often and while things are down: no identity, no database for liveness.
      if (url.pathname === "/api/health") return replyJson(response, 200, { status: "ok" });
      if (url.pathname === "/api/ready") {
        const report = await readiness(database, parts.redis, parts.isDraining());
        return replyJson(response, report.status === "unavailable" ? 503 : 200, report);
      }
      const isAsset = url.pathname.startsWith("/_next/") || /\.(js|svg|ico|png|txt|webmanifest)$/.test(url.pathname);
      if (isAsset && !url.pathname.startsWith("/api/") && parts.pages !== null)
        return await parts.pages(request, response);
      const identity = await auth.identify(request.headers);
      if (isWrite(request.method) && identity.viaCookie && !auth.isAllowedOrigin(request.headers.origin)) {
        throw new DarkroomError("ORIGIN_REJECTED", "This request came from another site.");
      }
      if (identity.setCookie !== null) response.appendHeader("set-cookie", identity.setCookie);
      await route({ request, response, url, identity });
    } catch (thrown) {
      const error = storageOutage(thrown) ?? thrown;
      const { code } = errorFacts(error);
      // Whoever follows a dead link of a picture is a person, and gets the page that says so.
      if (code === "NOT_FOUND" && request.headers["sec-fetch-mode"] === "navigate" && parts.pages !== null) {
        request.url = "/404";
        return parts.pages(request, response).catch((failure: unknown) => replyError(response, failure));
      }
      if (code === "INTERNAL") parts.log.error({ err: error, path: request.url }, "request failed");
      replyError(response, error);
    }
  };
}
