import { createServer } from "node:http";
import { createRequire } from "node:module";
import { Redis } from "ioredis";
import { type WebSocket, WebSocketServer } from "ws";

// One peer as a process of its own: `node peer-server.ts socket.io|ws PORT REDIS_URL FOLDER_OF_PEERS`.

const [, , kind, port, redisUrl = "", folder = ""] = process.argv;
const server = createServer();

if (kind === "socket.io") {
  const load = createRequire(`${folder}/package.json`);
  const { Server } = load("socket.io");
  const { createAdapter } = load("@socket.io/redis-adapter");
  const io = new Server(server, {
    adapter: createAdapter(new Redis(redisUrl), new Redis(redisUrl)),
    transports: ["websocket"],
    perMessageDeflate: false,
    serveClient: false,
  });
  io.on("connection", (socket: { handshake: { query: { feed: string } }; join(room: string): void }) => {
    socket.join(socket.handshake.query.feed);
  });
} else {
  /** What a floor costs: one frame for all, one write for each, and nothing besides. */
  const rooms = new Map<string, Set<WebSocket & { readonly _socket: { write(bytes: Buffer): void } }>>();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
  sockets.on("connection", (socket, request) => {
    const feed = new URL(request.url ?? "/", "http://x").searchParams.get("feed") ?? "";
    const room = rooms.get(feed) ?? new Set();
    rooms.set(feed, room);
    const member = socket as WebSocket & { readonly _socket: { write(bytes: Buffer): void } };
    room.add(member);
    socket.on("close", () => room.delete(member));
  });
  const redis = new Redis(redisUrl);
  await redis.subscribe("floor");
  redis.on("messageBuffer", (_: Buffer, message: Buffer) => {
    const end = message.indexOf(" ");
    const payload = message.subarray(end + 1);
    const frame = Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]), payload]);
    for (const { _socket } of rooms.get(message.toString("latin1", 0, end)) ?? []) _socket.write(frame);
  });
}

server.listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
