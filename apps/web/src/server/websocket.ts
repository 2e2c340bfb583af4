import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { appRouter, type Context } from "@darkroom/api";
import type { Auth } from "@darkroom/auth";
import { DarkroomError, newId, type Principal } from "@darkroom/contracts";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";

/** No message of ours comes near this; a larger one closes the socket before it is buffered. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Subscriptions, pings and queries of one tab are a few a second. */
const MESSAGES_PER_SECOND = 50;
const MESSAGE_BURST = 100;
/** A reader that leaves this much unread is disconnected; it resumes from its cursor. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** One open socket, as operators see it. */
export interface Connection {
  readonly connectionId: string;
  readonly principal: Principal;
  readonly connectedAt: string;
  lastSeenAt: string;
}

export interface SocketServer {
  /** Takes over an upgrade: identity and Origin are checked before the socket is accepted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  connections(): readonly Connection[];
  /** Tells the clients to reconnect, one after another, and closes what remains after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

interface Admission {
  readonly connection: Connection;
  readonly context: Context;
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Closes a socket that sends more than a person or a service ever does; others are not affected. */
function limitRate(socket: WebSocket, connection: Connection): void {
  let tokens = MESSAGE_BURST;
  let refilledAt = performance.now();
  socket.on("message", () => {
    const now = performance.now();
    tokens = Math.min(MESSAGE_BURST, tokens + ((now - refilledAt) / 1000) * MESSAGES_PER_SECOND) - 1;
    refilledAt = now;
    connection.lastSeenAt = new Date().toISOString();
    if (tokens < 0) socket.close(4429, "too many messages");
  });
}

/** tRPC over WebSocket on an existing HTTP server. The adapter's gaps (identity, Origin, limits) are closed here. */
export function createSocketServer(options: {
  readonly auth: Auth;
  readonly createContext: (request: IncomingMessage, principal: Principal, connectionId: string) => Context;
  readonly log: Logger;
}): SocketServer {
  const { auth, log } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const admissions = new WeakMap<IncomingMessage, Admission>();
  const open = new Map<WebSocket, Connection>();

  server.on("connection", (socket, request) => {
    // First of all: without a listener, one malformed frame would end the process.
    socket.on("error", (error) => log.debug({ error }, "socket error"));
    const connection = admissions.get(request)?.connection;
    if (connection === undefined) return socket.terminate();
    open.set(socket, connection);
    socket.on("close", () => open.delete(socket));
    limitRate(socket, connection);
  });

  const handler = applyWSSHandler({
    wss: server,
    router: appRouter,
    createContext: ({ req }) => {
      const admission = admissions.get(req);
      if (admission === undefined) throw new Error("a socket was accepted without an identity");
      return admission.context;
    },
    keepAlive: { enabled: true, pingMs: 25_000, pongWaitMs: 10_000 },
    onError: ({ error, path }) => {
      if (error.code === "INTERNAL_SERVER_ERROR") log.error({ err: error, path }, "subscription failed");
    },
  });

  const watch = setInterval(() => {
    for (const socket of open.keys()) if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
  }, 1000);
  watch.unref();

  return {
    async upgrade(request, socket, head) {
      socket.on("error", (error) => log.debug({ error }, "upgrade error"));
      try {
        const { principal, isAuthenticated } = await auth.identify(request.headers);
        if (!isAuthenticated) return refuse(socket, 401);
        const { origin } = request.headers;
        const isBearer = principal.kind === "apiKey";
        if (origin === undefined ? !isBearer : !auth.isAllowedOrigin(origin)) return refuse(socket, 403);
        const connectionId = newId();
        const now = new Date().toISOString();
        admissions.set(request, {
          connection: { connectionId, principal, connectedAt: now, lastSeenAt: now },
          context: options.createContext(request, principal, connectionId),
        });
        server.handleUpgrade(request, socket, head, (accepted) => server.emit("connection", accepted, request));
      } catch (error) {
        if (error instanceof DarkroomError) return refuse(socket, 401);
        log.warn({ err: error }, "a socket could not be identified");
        refuse(socket, 503);
      }
    },

    connections: () => [...open.values()],

    async close(graceMs) {
      clearInterval(watch);
      handler.broadcastReconnectNotification();
      const closed = Promise.all(
        [...open.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
      );
      const deadline = setTimeout(() => {
        for (const socket of open.keys()) socket.close(1012, "service restart");
      }, graceMs);
      const hard = setTimeout(() => {
        for (const socket of open.keys()) socket.terminate();
      }, graceMs + 1000);
      await closed;
      clearTimeout(deadline);
      clearTimeout(hard);
      server.close();
    },
  };
}
