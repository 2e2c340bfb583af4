import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { authorize, errorFacts } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import { CONTRACT_VERSION, DarkroomError } from "@darkroom/contracts";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { Connections, Place } from "../connections/connections.ts";
import type { LogFailure } from "../http/log-failure.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { SocketGuard, type SocketRules } from "./socket-guard.ts";

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
 * The first message of every socket: who answers, and which contract holds. A notification of JSON-RPC, which clients of tRPC
 * pass over.
 */
const connectedMessage = () => ({
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

export interface SocketServerOptions extends Omit<SocketRules, "onFailure" | "onResume"> {
  readonly auth: Auth;
  readonly connections: Connections;
  /** What a visitor's address is counted by, in all processes, and the address group itself; not known once its connection is gone. */
  readonly addressKeyOf: (request: IncomingMessage) => string | null;
  readonly addressGroupOf: (request: IncomingMessage) => string | undefined;
  readonly log: Logger;
  readonly logFailure: LogFailure;
}

/** tRPC over WebSocket on an existing HTTP server: who asks, and how many there may be, is settled before a socket is accepted. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { auth, connections, log, addressGroupOf, addressKeyOf } = options;
  const server = new WebSocketServer(serverOptions);
  server.on("headers", (headers, request) => void headers.push(`${REQUEST_ID_HEADER}: ${requestIdOf(request)}`));

  // One for all sockets: one made beside the request would keep it.
  const onError = (error: Error): void => log.debug({ err: error }, "socket error");
  const rules: SocketRules = {
    ...options,
    onFailure: (error, path) => options.logFailure(error, { path }),
    onResume: connections.resumed,
  };

  function accept(
    socket: WebSocket,
    request: IncomingMessage,
    wire: Duplex,
    { identity, place }: { readonly identity: Identity; readonly place: Place },
  ): void {
    // First of all: without a listener, one malformed frame would end the process.
    socket.on("error", onError);
    const requestId = requestIdOf(request);
    const known = { requestId, addressGroup: addressGroupOf(request), addressKey: addressKeyOf(request) };
    const { line, remove } = place.add(
      identity,
      "ws",
      (connection) => new SocketGuard(socket, wire, { connection, ...known }, rules),
    );
    log.debug({ requestId, connectionId: line.connectionId }, "connected");
    listen(socket, line, remove);
    line.say(connectedMessage());
  }

  /** Apart from the request, which whatever is made beside it keeps. */
  function listen(socket: WebSocket, guard: SocketGuard, remove: (code: number) => void): void {
    socket.on("message", (data, isBinary) => guard.receive(data as Buffer, isBinary));
    socket.on("ping", () => guard.spend(1));
    socket.on("close", (code) => {
      guard.end();
      remove(code);
      log.debug({ connectionId: guard.connectionId, code }, "disconnected");
    });
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
        // The answer and the first message leave in one write.
        socket.cork();
        server.handleUpgrade(request, socket, head, (accepted) =>
          accept(accepted, request, socket, { identity, place }),
        );
        socket.uncork();
        // For an upgrade that failed, as when the client has left meanwhile.
        place.free();
      } catch (error) {
        const { httpStatus, retryAfterSeconds } = errorFacts(error);
        if (!(error instanceof DarkroomError)) log.warn({ err: error }, "a socket could not be identified");
        refuse(request, socket, httpStatus, retryAfterSeconds ?? undefined);
      }
    },
  };
}
