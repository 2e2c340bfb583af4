import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { toPythonJson } from "./python-json.ts";

interface Peer {
  readonly sid: string;
  readonly socket: WebSocket;
  metadata: boolean;
}

export interface Preview {
  readonly nodeId: string;
  readonly promptId: string;
  readonly mimeType: "image/jpeg" | "image/png";
  readonly image: Buffer;
}

/**
 * The sockets, by client id, with ComfyUI's faults kept: a newer socket of the same id takes everything from the older
 * one, and when either closes the id is forgotten, so the newer one goes deaf.
 */
export interface Sockets {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** `sid` null: to all. An id that nobody has: to nobody. */
  send(type: string, data: unknown, sid: string | null): void;
  /** The layout follows what each receiver agreed to. */
  sendPreview(preview: Preview, sid: string | null): void;
  hasMetadata(sid: string | null): boolean;
  isConnected(sid: string): boolean;
  /** Cuts every line without a closing frame, as a killed server does. */
  terminateAll(): void;
  close(): void;
}

export interface SocketsOptions {
  readonly features: () => Record<string, unknown>;
  readonly queueRemaining: () => number;
  /** The node that runs now for this client, told once after a reconnect. */
  readonly runningNode: (sid: string) => string | null;
}

const maxFrameBytes = 4 * 1024 * 1024;

export function createSockets(options: SocketsOptions): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: true, maxPayload: maxFrameBytes });
  const peers = new Map<string, Peer>();

  function accept(socket: WebSocket, sid: string): void {
    const peer: Peer = { sid, socket, metadata: false };
    peers.set(sid, peer);
    let first = true;
    sendText(peer, "status", { status: { exec_info: { queue_remaining: options.queueRemaining() } }, sid });
    const node = options.runningNode(sid);
    if (node !== null) sendText(peer, "executing", { node });
    socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const message = parseObject(data.toString());
      if (message === null || !first) return;
      // Any valid object spends the one chance of a handshake.
      first = false;
      if (message.type !== "feature_flags") return;
      const flags = message.data;
      peer.metadata = isObject(flags) && flags.supports_preview_metadata === true;
      sendText(peer, "feature_flags", options.features());
    });
    socket.on("close", () => peers.delete(sid));
    socket.on("error", () => socket.terminate());
  }

  function sendText(peer: Peer, type: string, data: unknown): void {
    peer.socket.send(toPythonJson({ type, data }));
  }

  function receivers(sid: string | null): Peer[] {
    if (sid === null) return [...peers.values()];
    const peer = peers.get(sid);
    return peer === undefined ? [] : [peer];
  }

  return {
    upgrade(request, stream, head) {
      const url = new URL(request.url ?? "/", "http://simulator");
      if (url.pathname !== "/ws" && url.pathname !== "/api/ws") {
        stream.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      if (isForeignOrigin(request)) {
        stream.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      const sid = url.searchParams.get("clientId") || randomUUID().replaceAll("-", "");
      server.handleUpgrade(request, stream, head, (socket) => accept(socket, sid));
    },
    send(type, data, sid) {
      for (const peer of receivers(sid)) sendText(peer, type, data);
    },
    sendPreview(preview, sid) {
      // A prompt without a client goes to all in the old layout, whatever they agreed to.
      for (const peer of receivers(sid)) {
        peer.socket.send(peer.metadata && sid !== null ? previewWithMetadata(preview) : plainPreview(preview));
      }
    },
    hasMetadata: (sid) => sid !== null && peers.get(sid)?.metadata === true,
    isConnected: (sid) => peers.has(sid),
    terminateAll() {
      for (const socket of server.clients) socket.terminate();
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function plainPreview(preview: Preview): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(preview.mimeType === "image/png" ? 2 : 1, 4);
  return Buffer.concat([head, preview.image]);
}

function previewWithMetadata({ nodeId, promptId, mimeType, image }: Preview): Buffer {
  const metadata = Buffer.from(
    toPythonJson({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: nodeId,
      parent_node_id: null,
      real_node_id: nodeId,
      image_type: mimeType,
    }),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4, 0);
  head.writeUInt32BE(metadata.length, 4);
  return Buffer.concat([head, metadata, image]);
}

/** An Origin that differs from a loopback Host, or a cross-site request, is refused. */
export function isForeignOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (request.headers["sec-fetch-site"] === "cross-site") return true;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const hostname = host.replace(/:\d+$/, "");
  const loopback = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  return loopback && new URL(origin).host !== host;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
