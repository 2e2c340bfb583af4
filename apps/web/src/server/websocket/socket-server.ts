import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { appRouter, authorize, type Context, errorFacts } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import { CONTRACT_VERSION, DarkroomError, type Principal } from "@darkroom/contracts";
import type { TRPCError } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { Connection, Connections, Place } from "../connections/connections.ts";
import type { LogFailure } from "../http/log-failure.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { guardSocket } from "./socket-guard.ts";

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
const REFUSED_RETRY_SECONDS = 10;

/**
 * All that the adapter is given of a request. It would keep the whole of it, 4 KB, for as long as the socket is open, and reads
 * only its URL: with `?connectionParams=1` in it, it would wait for a message that says who it is. The headers did.
 */
const blankRequest = new IncomingMessage(new Socket());
blankRequest.url = "/";

/**
 * The first message of every socket: who answers, and which contract holds. A notification of JSON-RPC, which clients of tRPC
 * pass over.
 */
const connectedMessage = (): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    method: "connected",
    params: {
      message: "Connected to Darkroom",
      contractVersion: CONTRACT_VERSION,
      timestamp: new Date().toISOString(),
    },
  });

export interface SocketServer {
  /** Takes over an upgrade: identity, Origin and limits are checked before the socket is accepted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

export interface SocketServerOptions {
  readonly auth: Auth;
  readonly connections: Connections;
  readonly createContext: (
    request: IncomingMessage,
    principal: Principal,
    socket: { readonly connectionId: string },
  ) => Context;
  /** What a visitor's address is counted by, in all processes; null once its connection is gone. */
  readonly addressKeyOf: (request: IncomingMessage) => string | null;
  /** When a quiet socket is pinged, and how long it may then take to answer. */
  readonly keepAlive: { readonly pingMs: number; readonly pongWaitMs: number };
  readonly messagesPerSecond: number;
  /** Called with the round trip of each ping that was answered, in milliseconds. */
  readonly onPong: (ms: number) => void;
  readonly log: Logger;
  readonly logFailure: LogFailure;
}

/** tRPC over WebSocket on an existing HTTP server. The adapter's gaps (identity, Origin, limits) are closed here. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { auth, connections, log } = options;
  const server = new WebSocketServer(serverOptions);
  server.on("headers", (headers, request) => void headers.push(`${REQUEST_ID_HEADER}: ${requestIdOf(request)}`));

  // One for all sockets: one made beside the request would keep it.
  const onError = (error: Error): void => log.debug({ err: error }, "socket error");
  const onFailure = (error: TRPCError, path: string): void => options.logFailure(error, { path });

  function accept(
    socket: WebSocket,
    request: IncomingMessage,
    wire: Duplex,
    { identity, place }: { readonly identity: Identity; readonly place: Place },
  ): void {
    // First of all: without a listener, one malformed frame would end the process.
    socket.on("error", onError);
    const { connectionId } = countIn(socket, place, identity, () => guard.sendAway());
    log.debug({ requestId: requestIdOf(request), connectionId }, "connected");
    const context = options.createContext(request, identity.principal, { connectionId });
    const guard = guardSocket(socket, wire, context, {
      ...{ onError: onFailure, onResume: connections.resumed, onPong: options.onPong },
      messagesPerSecond: options.messagesPerSecond,
    });
    socket.send(connectedMessage());
    getWSConnectionHandler({
      wss: server,
      router: appRouter,
      createContext: () => context,
      experimental_encoder: guard.encoder,
      keepAlive: { enabled: true, ...options.keepAlive },
      // An error without a path is a broken frame or the like, which is the client's doing.
      onError: ({ error, path }) => void (path !== undefined && onFailure(error, path)),
    })(socket, blankRequest);
  }

  /** Counts the socket among the connections until it closes. */
  function countIn(socket: WebSocket, place: Place, identity: Identity, sendAway: () => void): Connection {
    const { connection, remove } = place.add(identity, "ws", {
      sendAway,
      close: (code, reason) => socket.close(code, reason),
    });
    socket.on("message", () => {
      connection.lastSeenAt = new Date().toISOString();
    });
    const { connectionId } = connection;
    socket.once("close", (code) => {
      remove(code);
      log.debug({ connectionId, code }, "disconnected");
    });
    return connection;
  }

  function refuse(request: IncomingMessage, socket: Duplex, status: number, retryAfterSeconds?: number): void {
    connections.refused(status);
    refuseUpgrade(request, socket, { status, retryAfterSeconds });
  }

  return {
    async upgrade(request, socket, head) {
      socket.on("error", onError);
      try {
        const { origin } = request.headers;
        log.debug({ requestId: requestIdOf(request), origin }, "connection attempt");
        // A page of another site is refused before anybody is looked up.
        if (origin !== undefined && !auth.isAllowedOrigin(origin)) return refuse(request, socket, 403);
        const identity = await auth.identify(request.headers, { isSocket: true });
        if (!identity.isAuthenticated) return refuse(request, socket, 401);
        if (origin === undefined && identity.viaCookie) return refuse(request, socket, 403);
        authorize("GET /ws", identity.principal);
        const { ownerId, role } = identity.principal;
        log.debug({ requestId: requestIdOf(request), ownerId, role }, "authenticated");
        const place = await connections.admit(identity.principal, options.addressKeyOf(request) ?? undefined);
        if (typeof place === "string") {
          log.warn({ ownerId, per: place }, "too many sockets");
          return refuse(request, socket, 429, REFUSED_RETRY_SECONDS);
        }
        // Also for an upgrade that fails, as when the client has left meanwhile.
        socket.once("close", place.free);
        if (socket.destroyed) return place.free();
        // The answer and the first message leave in one write.
        socket.cork();
        server.handleUpgrade(request, socket, head, (accepted) =>
          accept(accepted, request, socket, { identity, place }),
        );
        socket.uncork();
      } catch (error) {
        const { httpStatus, retryAfterSeconds } = errorFacts(error);
        if (!(error instanceof DarkroomError)) log.warn({ err: error }, "a socket could not be identified");
        refuse(request, socket, httpStatus, retryAfterSeconds ?? undefined);
      }
    },
  };
}
