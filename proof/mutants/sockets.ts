import type { Mutant } from "./mutant.ts";

const sockets = "apps/web/src/server/websocket/socket-server.test.ts";
const trpcTest = "apps/web/src/server/routes/trpc.test.ts";

/** Guarded here: what a socket and a stream may ask, and what they are given. */
export const socketsMutants: Readonly<Record<string, Mutant>> = {
  "client-handshake": {
    guard: "a client asks again where its socket's request gets no answer",
    file: "packages/client/src/transport.ts",
    text: "        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,\n",
    replacement: "",
    tests: ["packages/client/src/client.test.ts"],
    only: "never answers",
  },
  "stream-counted": {
    guard: "event streams have the limits of sockets",
    file: "apps/web/src/server/routes/open-stream.ts",
    text: "connections.admit(identity.principal, addressKeyOf(request) ?? undefined)",
    replacement: "connections.admit({ ...identity.principal, ownerId: crypto.randomUUID() }, undefined)",
    tests: [trpcTest],
    only: "count as sockets do",
  },
  "sockets-over-all": {
    guard: "an owner's connections are limited over all web processes",
    file: "packages/queue/src/scripts/admit-connection.lua",
    text: "if id ~= ARGV[1] then total",
    replacement: "if false then total",
    tests: ["packages/queue/src/monitor/instances.test.ts"],
    only: "over all living processes",
  },
  "topic-gap": {
    guard: "an operator misses no message of a topic that Redis lost on the way",
    file: "packages/queue/src/monitor/topics.ts",
    text: "if (!follows || this.#filling !== null)",
    replacement: "if (this.#last === null)",
    tests: ["packages/queue/src/monitor/topics.test.ts"],
    only: "lost on the way",
  },
  "stream-recheck": {
    guard: "an event stream ends with its credential",
    file: "apps/web/src/server/routes/open-stream.ts",
    text: "    closedWith = code;\n    response.destroy();",
    replacement: "    closedWith = code;",
    tests: [trpcTest],
    only: "a key that is revoked",
  },
  "early-stop": {
    guard: "a subscription stopped before it began ends",
    file: "apps/web/src/server/websocket/subscriptions.ts",
    text: "open.delete(id);\n        one.stop.abort();",
    replacement: "one.stop.abort();",
    tests: [sockets],
    only: "in the moment it is asked for",
  },
  "frame-guest": {
    guard: "a guest's frame is not the one of those who see backends",
    file: "apps/web/src/server/websocket/frames.ts",
    text: "seesBackends(principal) ? head :",
    replacement: "true ? head :",
    tests: ["apps/web/src/server/websocket/frames.test.ts"],
  },
  "socket-pause": {
    guard: "a socket with too much unread gets no further events until it has read",
    file: "apps/web/src/server/websocket/socket-guard.ts",
    text: "if (wire.writableLength <= PAUSE_BYTES) return true;",
    replacement: "return true;",
    tests: ["apps/web/src/server/websocket/lifetime.test.ts"],
    only: "stops for a while",
  },
  "upgrade-ours": {
    guard: "only our socket is an upgrade",
    file: "apps/web/src/server/web-server.ts",
    text: 'requestUrl(request)?.pathname === env.WS_PATH &&\n    request.headers.upgrade?.toLowerCase() === "websocket";',
    replacement: 'requestUrl(request)?.pathname !== "";',
    tests: [sockets],
    only: "another protocol",
  },
  "half-open": {
    guard: "a socket whose other end has gone silent is given up",
    file: "apps/web/src/server/websocket/socket-server.ts",
    text: "keepAlive: { enabled: true, ...options.keepAlive }",
    replacement: "keepAlive: { enabled: true, ...options.keepAlive, pongWaitMs: 20_000 }",
    tests: ["apps/web/src/server/websocket/half-open.test.ts"],
  },
  "half-open-client": {
    guard: "a service's client gives up a connection that has gone silent within ten seconds",
    file: "packages/client/src/transport.ts",
    text: "const CLOSE_TIMEOUT_MS = 1000;",
    replacement: "const CLOSE_TIMEOUT_MS = 30_000;",
    tests: ["packages/client/src/client.test.ts"],
    only: "gone silent is noticed within ten seconds",
  },
  "socket-scope": {
    guard: "a key of one scope does over the socket what that scope says",
    file: "packages/api/src/access/doors.ts",
    text: '"job.onFeed": guest(read)',
    replacement: '"job.onFeed": guest(submit)',
    tests: [sockets],
    only: "a key of one scope",
  },
};
