import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Context } from "@darkroom/api";
import { createCredentialCheck } from "./connections/credential-check.ts";
import type { DeliveryNotes } from "./connections/delivery-notes.ts";
import { drainConnections } from "./connections/drain.ts";
import type { WebEnvironment } from "./env.ts";
import { requestUrl } from "./http/request-url.ts";
import { createHttpHandler } from "./http-handler.ts";
import type { HttpParts } from "./routes/route.ts";
import { closeServer } from "./shutdown.ts";
import { refuseUpgrade } from "./websocket/refuse-upgrade.ts";
import { createSocketServer } from "./websocket/socket-server.ts";

/**
 * Connections that may wait to be accepted. After a restart every client dials at once, and one that finds the queue full
 * tries again only after seconds.
 */
const BACKLOG = 4096;
/** A file of 95 MB on a line of half a megabit a second takes 26 minutes. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;

export interface WebServerParts extends Omit<HttpParts, "createContext" | "isDraining"> {
  readonly env: WebEnvironment;
  /** Told of each delivery to a connection; undefined where nobody wants to know. */
  readonly noteDelivery: DeliveryNotes | undefined;
  /** Called with the round trip of each ping that was answered, in milliseconds. */
  readonly onPong: (ms: number) => void;
  /** Hot reloading's socket; null where there is none. */
  readonly hotReload: ((request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>) | null;
}

/** The one HTTP server of this process, with its sockets: every caller comes in here. */
export interface WebServer {
  /** Begins to listen. `onError` is told if it cannot, as where the port is taken. */
  listen(told: { readonly onListening: () => void; readonly onError: (error: NodeJS.ErrnoException) => void }): void;
  /**
   * Sends everyone who is connected elsewhere; resolves when they are gone. It goes on listening, because load balancers
   * learn from `/api/ready` that they should send no more here.
   */
  drain(): Promise<void>;
  /** Stops listening; resolves once the requests under way have ended, which are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export function createWebServer(parts: WebServerParts): WebServer {
  const { env, services, connections, hotReload, log } = parts;
  let isDraining = false;
  const credentialCheck = createCredentialCheck({ auth: parts.auth, log, connections: connections.all });
  const sockets = createSockets(parts);

  const isOurUpgrade = (request: IncomingMessage): boolean =>
    env.WS_ENABLED &&
    requestUrl(request)?.pathname === env.WS_PATH &&
    request.headers.upgrade?.toLowerCase() === "websocket";
  const isHotReload = (request: IncomingMessage): boolean =>
    hotReload !== null && request.headers.upgrade?.toLowerCase() === "websocket";

  const server = createServer(
    {
      keepAliveTimeout: env.KEEP_ALIVE_SECONDS * 1000,
      // For the whole request. Node's five minutes are too short for a large file on a slow line.
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Any other upgrade is an ordinary request: common Java clients ask for h2c on every one of theirs.
      shouldUpgradeCallback: (request) => isOurUpgrade(request) || isHotReload(request),
    },
    createHttpHandler({
      ...parts,
      isDraining: () => isDraining,
      createContext: (request, { principal }, of) => ({
        ...{ ...services, ...of, principal, addressKey: parts.addressKeyOf(request) },
        onDelivered: onDelivered(parts, of.connectionId),
      }),
    }),
  );

  server.on("upgrade", (request, socket, head) => {
    if (hotReload !== null && !isOurUpgrade(request)) return void hotReload(request, socket, head);
    if (!isDraining) return void sockets.upgrade(request, socket, head);
    socket.on("error", (error) => log.debug({ err: error }, "upgrade error"));
    refuseUpgrade(request, socket, { status: 503, retryAfterSeconds: 2 });
  });

  return {
    listen: ({ onListening, onError }) => {
      server.once("error", onError);
      server.listen({ port: env.PORT, host: env.HOST, backlog: BACKLOG }, onListening);
    },
    drain: async () => {
      isDraining = true;
      credentialCheck.stop();
      await drainConnections(connections.all());
    },
    close: (graceMs) => closeServer(server, graceMs),
  };
}

/** The sockets of all callers. */
function createSockets(parts: WebServerParts) {
  const { env, services, inFlight } = parts;
  return createSocketServer({
    ...parts,
    keepAlive: { pingMs: env.SOCKET_PING_SECONDS * 1000, pongWaitMs: env.SOCKET_TIMEOUT_SECONDS * 1000 },
    messagesPerSecond: env.SOCKET_MESSAGES_PER_SECOND,
    createContext: ({ connection: { connectionId, principal }, requestId, addressGroup, addressKey }): Context => ({
      ...services,
      ...{ connectionId, principal, requestId, addressKey },
      enter: () => inFlight(principal, addressGroup),
      onDelivered: onDelivered(parts, connectionId),
      transport: "ws",
    }),
  });
}

/** Told what a connection was given; undefined where nobody wants to know. */
const onDelivered = (
  { noteDelivery }: Pick<WebServerParts, "noteDelivery">,
  connectionId: string | undefined,
): Context["onDelivered"] => noteDelivery && ((events) => noteDelivery(events, { connectionId }));
