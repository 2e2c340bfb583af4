import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Fault } from "../faults/fault.ts";
import { toPythonJson } from "../protocol/python-json.ts";
import type { Site } from "../site/site.ts";
import { isForeignOrigin } from "./foreign-origin.ts";
import { suffer } from "./http-faults.ts";

interface Peer {
  readonly sid: string;
  readonly socket: WebSocket;
  metadata: boolean;
  /** Its connection is about to be cut; a frame sent now could still arrive and show more than the fault allows. */
  isCut: boolean;
}

/** Where a node belongs: one that another expanded into is shown as part of that one. */
export interface NodePlace {
  readonly display: string;
  readonly parent: string | null;
  readonly real: string;
}

export interface Preview extends NodePlace {
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
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void>;
  /** `sid` null: to all. An id that nobody has: to nobody. */
  send(type: string, data: unknown, sid: string | null): void;
  /** The layout follows what each receiver agreed to. */
  sendPreview(preview: Preview, sid: string | null): void;
  /** A line about a node, with or without the handshake. */
  sendText(nodeId: string, text: string, sid: string): void;
  hasMetadata(sid: string | null): boolean;
  /** Forgets every socket and leaves it open, as if a newer one of its id had closed. */
  forgetAll(): void;
  /** Cuts every line without a closing frame, as a killed server does. */
  terminateAll(): void;
  close(): void;
}

export interface SocketsOptions {
  readonly site: Site;
  readonly queueRemaining: () => number;
  /** The node that runs now for this client, told once after a reconnect. */
  readonly runningNode: (sid: string) => string | null;
}

const maxFrameBytes = 4 * 1024 * 1024;

export function createSockets({ site, ...options }: SocketsOptions): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: true, maxPayload: maxFrameBytes });
  const peers = new Map<string, Peer>();
  const framesSince = new WeakMap<Fault, Map<Peer, number>>();

  function accept(socket: WebSocket, sid: string): void {
    const peer: Peer = { sid, socket, metadata: false, isCut: false };
    peers.set(sid, peer);
    let first = true;
    sendJson(peer, "status", { status: { exec_info: { queue_remaining: options.queueRemaining() } }, sid });
    const node = options.runningNode(sid);
    if (node !== null) sendJson(peer, "executing", { node });
    socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const message = parseObject(data.toString());
      if (message === null || !first) return;
      // Any valid object spends the one chance of a handshake.
      first = false;
      if (message.type !== "feature_flags") return;
      const flags = message.data;
      peer.metadata = isObject(flags) && flags.supports_preview_metadata === true;
      sendJson(peer, "feature_flags", site.dialect.features);
    });
    socket.on("close", () => peers.delete(sid));
    socket.on("error", () => socket.terminate());
  }

  function sendJson(peer: Peer, type: string, data: unknown): void {
    deliver(peer, toPythonJson({ type, data }));
  }

  function deliver(peer: Peer, frame: string | Buffer): void {
    if (site.faults.has("silentSocket") || peer.isCut) return;
    const drop = site.faults.strike("dropSocket", (fault) => countOf(fault, peer) >= fault.afterFrames);
    peer.isCut = drop !== null;
    if (drop === null) peer.socket.send(frame);
    else if (drop.fault.afterFrames === 0) peer.socket.terminate();
    // What was promised must have left before the line goes.
    else peer.socket.send(frame, () => peer.socket.terminate());
  }

  /** How many frames the peer got, this one included, since the fault was there. */
  function countOf(fault: Fault, peer: Peer): number {
    const counts = framesSince.get(fault) ?? new Map<Peer, number>();
    framesSince.set(fault, counts);
    const count = (counts.get(peer) ?? 0) + 1;
    counts.set(peer, count);
    return count;
  }

  function receivers(sid: string | null): Peer[] {
    if (sid === null) return [...peers.values()];
    const peer = peers.get(sid);
    return peer === undefined ? [] : [peer];
  }

  return {
    async upgrade(request, stream, head) {
      const url = new URL(request.url ?? "/", "http://simulator");
      const fate = await suffer(site, url.pathname);
      if (fate === "cut") return void stream.destroy();
      if (fate !== "none") return refuseUpgrade(stream, `${fate} Simulated`);
      if (url.pathname !== "/ws" && url.pathname !== "/api/ws") return refuseUpgrade(stream, "404 Not Found");
      if (isForeignOrigin(request, site.dialect)) return refuseUpgrade(stream, "403 Forbidden");
      const sid = url.searchParams.get("clientId") || site.random.letters(32, "0123456789abcdef");
      server.handleUpgrade(request, stream, head, (socket) => accept(socket, sid));
    },
    send(type, data, sid) {
      for (const peer of receivers(sid)) sendJson(peer, type, data);
    },
    sendPreview(preview, sid) {
      // A prompt without a client goes to all in the old layout, whatever they agreed to.
      for (const peer of receivers(sid)) {
        deliver(peer, peer.metadata && sid !== null ? previewWithMetadata(preview) : plainPreview(preview));
      }
    },
    sendText(nodeId, text, sid) {
      for (const peer of receivers(sid)) deliver(peer, textFrame(nodeId, text));
    },
    hasMetadata: (sid) => sid !== null && peers.get(sid)?.metadata === true,
    forgetAll: () => peers.clear(),
    terminateAll() {
      for (const socket of server.clients) socket.terminate();
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function textFrame(nodeId: string, text: string): Buffer {
  const id = Buffer.from(nodeId);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(3, 0);
  head.writeUInt32BE(id.length, 4);
  return Buffer.concat([head, id, Buffer.from(text)]);
}

function plainPreview(preview: Preview): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(preview.mimeType === "image/png" ? 2 : 1, 4);
  return Buffer.concat([head, preview.image]);
}

function previewWithMetadata({ nodeId, promptId, display, parent, real, mimeType, image }: Preview): Buffer {
  const metadata = Buffer.from(
    toPythonJson({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: display,
      parent_node_id: parent,
      real_node_id: real,
      image_type: mimeType,
    }),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4, 0);
  head.writeUInt32BE(metadata.length, 4);
  return Buffer.concat([head, metadata, image]);
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
