import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { appRouter, type Context, errorFacts } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import { DarkroomError, newId, type Principal } from "@darkroom/contracts";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { closeCodes } from "./close-codes.ts";
import { createTally } from "./counts.ts";
import { createStandingCheck } from "./credential-check.ts";
import { guardSocket, type SocketGuard } from "./socket-guard.ts";

/** No message of ours comes near this; a larger one closes the socket before it is buffered. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** How long a close waits for the other side's before the connection is cut. */
const CLOSE_TIMEOUT_MS = 2000;
/** A constant of its own because the types of `ws` lack `closeTimeout`. */
const serverOptions = {
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_MESSAGE_BYTES,
  // A message of 64 KiB needs neither many fragments nor many chunks; they are what a peer can make us hold.
  maxFragments: 16,
  maxBufferedChunks: 1024,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
};
/** Clients are told to reconnect one after another, this far apart, so that whoever takes over meets no crowd. */
const DRAIN_STEP_MS = 10;
const MAX_DRAIN_MS = 15_000;
/** What the client needs to find its way before its old socket is closed. */
const DRAIN_GRACE_MS = 2000;

/** One open socket, as operators see it. */
export interface Connection {
  readonly connectionId: string;
  readonly principal: Principal;
  readonly connectedAt: string;
  lastSeenAt: string;
}

/** What happened to sockets since the start. */
export interface SocketCounts {
  readonly opened: number;
  /** Close code → how many; 1006 is a connection that broke. */
  readonly closed: ReadonlyMap<number, number>;
  /** HTTP status → upgrades that were answered with it. */
  readonly refused: ReadonlyMap<number, number>;
}

export interface SocketServer {
  /** Takes over an upgrade: identity, Origin and limits are checked before the socket is accepted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  connections(): readonly Connection[];
  counts(): SocketCounts;
  /** Tells the clients to reconnect, one after another, and closes what remains with 1012; ends within 19 s. */
  close(): Promise<void>;
}

export interface SocketServerOptions {
  readonly auth: Auth;
  readonly createContext: (
    request: IncomingMessage,
    principal: Principal,
    socket: { readonly connectionId: string; readonly drained: () => Promise<void> },
  ) => Context;
  /** What a visitor's address is counted by; undefined once its connection is gone. */
  readonly addressGroupOf: (request: IncomingMessage) => string | undefined;
  /** Sockets that one owner may hold, and that the guests of one address may hold. */
  readonly limits: { readonly perOwner: number; readonly perAddress: number };
  readonly log: Logger;
}

interface Seat {
  readonly connection: Connection;
  readonly credential: Identity["credential"];
  readonly guard: SocketGuard;
}

/** Answers an upgrade that does not become a socket. */
export function refuseUpgrade(socket: Duplex, status: number, retryAfterSeconds?: number): void {
  const retry = retryAfterSeconds === undefined ? "" : `Retry-After: ${Math.ceil(retryAfterSeconds)}\r\n`;
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`);
}

/** tRPC over WebSocket on an existing HTTP server. The adapter's gaps (identity, Origin, limits) are closed here. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { auth, limits, log } = options;
  const server = new WebSocketServer(serverOptions);
  const open = new Map<WebSocket, Seat>();

  const ofOwner = createTally();
  const ofAddress = createTally();
  let opened = 0;
  const closed = new Map<number, number>();
  const refused = new Map<number, number>();

  /** What has no room for another socket of this identity; null if there is room. */
  function fullFor({ principal }: Identity, address: string | undefined): "owner" | "address" | null {
    if (ofOwner.of(principal.ownerId) >= limits.perOwner) return "owner";
    if (address === undefined || principal.kind !== "guest") return null;
    return ofAddress.of(address) >= limits.perAddress ? "address" : null;
  }

  function seat(
    socket: WebSocket,
    request: IncomingMessage,
    { identity: { principal, credential }, guard }: { identity: Identity; guard: SocketGuard },
  ): Connection {
    const now = new Date().toISOString();
    const connection: Connection = { connectionId: newId(), principal, connectedAt: now, lastSeenAt: now };
    const address = principal.kind === "guest" ? options.addressGroupOf(request) : undefined;
    open.set(socket, { connection, credential, guard });
    opened += 1;
    ofOwner.add(principal.ownerId);
    if (address !== undefined) ofAddress.add(address);
    socket.on("message", () => {
      connection.lastSeenAt = new Date().toISOString();
    });
    socket.once("close", (code) => {
      open.delete(socket);
      closed.set(code, (closed.get(code) ?? 0) + 1);
      ofOwner.remove(principal.ownerId);
      if (address !== undefined) ofAddress.remove(address);
    });
    return connection;
  }

  function accept(socket: WebSocket, request: IncomingMessage, wire: Duplex, identity: Identity): void {
    // First of all: without a listener, one malformed frame would end the process.
    socket.on("error", (error) => log.debug({ err: error }, "socket error"));
    const guard = guardSocket(socket, wire);
    const { connectionId } = seat(socket, request, { identity, guard });
    const context = options.createContext(request, identity.principal, { connectionId, drained: guard.drained });
    // Who it is was settled by the headers. With `?connectionParams=1` the adapter would wait for a message first.
    request.url = "/";
    getWSConnectionHandler({
      wss: server,
      router: appRouter,
      createContext: () => context,
      experimental_encoder: guard.encoder,
      keepAlive: { enabled: true, pingMs: 25_000, pongWaitMs: 10_000 },
      onError: ({ error, path }) => {
        // Without a path it is a broken frame or the like, which is the other side's doing.
        if (path !== undefined && errorFacts(error).code === "INTERNAL")
          log.error({ err: error, path }, "procedure failed");
      },
    })(socket, request);
  }

  function refuse(socket: Duplex, status: number, retryAfterSeconds?: number): void {
    refused.set(status, (refused.get(status) ?? 0) + 1);
    refuseUpgrade(socket, status, retryAfterSeconds);
  }

  const standing = createStandingCheck({
    auth,
    log,
    seats: () => [...open].map(([socket, { connection, credential }]) => ({ socket, connection, credential })),
  });

  return {
    async upgrade(request, socket, head) {
      socket.on("error", (error) => log.debug({ err: error }, "upgrade error"));
      try {
        const { origin } = request.headers;
        // A page of another site is refused before anybody is looked up.
        if (origin !== undefined && !auth.isAllowedOrigin(origin)) return refuse(socket, 403);
        const identity = await auth.identify(request.headers, { isSocket: true });
        if (!identity.isAuthenticated) return refuse(socket, 401);
        if (origin === undefined && identity.viaCookie) return refuse(socket, 403);
        const full = fullFor(identity, options.addressGroupOf(request));
        if (full !== null) {
          log.warn({ ownerId: identity.principal.ownerId, per: full }, "too many sockets");
          return refuse(socket, 429, 10);
        }
        server.handleUpgrade(request, socket, head, (accepted) => accept(accepted, request, socket, identity));
      } catch (error) {
        const { httpStatus, retryAfterSeconds } = errorFacts(error);
        if (!(error instanceof DarkroomError)) log.warn({ err: error }, "a socket could not be identified");
        refuse(socket, httpStatus, retryAfterSeconds ?? undefined);
      }
    },

    connections: () => [...open.values()].map(({ connection }) => connection),
    counts: () => ({ opened, closed, refused }),

    async close() {
      standing.stop();
      if (open.size === 0) return;
      const allClosed = Promise.all(
        [...open.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
      );
      const stepMs = Math.min(DRAIN_STEP_MS, MAX_DRAIN_MS / open.size);
      const drain = async () => {
        let nextAt = performance.now();
        for (const { guard } of open.values()) {
          guard.sendAway();
          nextAt += stepMs;
          if (nextAt > performance.now()) await sleep(nextAt - performance.now());
        }
        await sleep(DRAIN_GRACE_MS, undefined, { ref: false });
        for (const socket of open.keys()) socket.close(closeCodes.restart, "service restart");
      };
      void drain();
      await allClosed;
    },
  };
}
