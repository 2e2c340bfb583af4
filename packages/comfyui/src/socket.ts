import { backoffMs } from "@darkroom/contracts";
import { WebSocket } from "ws";
import { type ComfyAccess, tlsOptions } from "./access.ts";
import { ComfyUnreachable } from "./errors.ts";
import { decodeBinaryFrame, decodeTextFrame, type Frame, type FrameFault } from "./messages.ts";

export interface SocketOptions {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly access: ComfyAccess;
  readonly connectMs: number;
  readonly onFrame: (frame: Frame) => void;
  /** A frame that is no use to anybody. */
  readonly onFault: (fault: FrameFault) => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/**
 * The one socket of a client. It keeps its clientId for life, so a prompt that runs while the line is down finds its
 * listener again. ComfyUI unregisters a clientId when *any* socket of that id closes, so the old socket is closed, and
 * seen closed, before the next one is dialled.
 */
export interface ComfySocket {
  /** Resolves when open. Rejects with ComfyUnreachable if this first dial fails; later losses are redialled for good. */
  connect(): Promise<void>;
  isOpen(): boolean;
  /** True once the server said that its previews name their prompt. */
  hasPreviewMetadata(): boolean;
  /** Redials if no frame at all comes within `withinMs`: a registered socket hears a status after every enqueue. */
  expectFrame(withinMs: number): void;
  receivedFrames(): number;
  close(): Promise<void>;
}

const pingIntervalMs = 10_000;
const closeWaitMs = 2_000;
/** Waits between dials of a server that does not take the socket. */
const redial = { firstMs: 100, maxMs: 5000 };
// Above any preview, and above most pictures of a SaveImageWebsocket node; a longer frame costs a redial, not the memory.
const maxFrameBytes = 32 * 1024 ** 2;

export function createComfySocket(options: SocketOptions): ComfySocket {
  let current: WebSocket | null = null;
  let wanted = false;
  let open = false;
  let previewMetadata = false;
  let received = 0;
  let dialling: Promise<void> | null = null;
  // Dropping the socket is enough: its loss is what starts a redial.
  const silence = createSilenceTimer(() => current?.terminate());
  const redial = createRedialTimer(dial, () => wanted);

  function dial(): Promise<void> {
    dialling ??= dialOnce().finally(() => {
      dialling = null;
    });
    return dialling;
  }

  async function dialOnce(): Promise<void> {
    if (current !== null) await shut(current);
    if (!wanted) return;
    const socket = newSocket(options);
    current = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (error) => reject(new ComfyUnreachable(options.baseUrl, error.message, { cause: error })));
      socket.once("close", () => reject(new ComfyUnreachable(options.baseUrl, "the socket closed")));
      socket.once("open", () => {
        // Must be the first message: only that one is read as a handshake.
        socket.send(JSON.stringify({ type: "feature_flags", data: { supports_preview_metadata: true } }));
        redial.reset();
        open = true;
        keepAlive(socket);
        resolve();
      });
      // Attached before the open event: the first frames can share a packet with the handshake's answer.
      socket.on("message", (data, isBinary) => receive(toBuffer(data), isBinary));
      socket.on("close", () => lost(socket));
      socket.on("error", () => socket.terminate());
    });
    options.onOpen();
  }

  function receive(data: Buffer, isBinary: boolean): void {
    silence.clear();
    received += 1;
    const frame = isBinary ? decodeBinaryFrame(data) : decodeTextFrame(data.toString("utf8"));
    if (typeof frame === "string") {
      options.onFault(frame);
      return;
    }
    if (frame.type === "feature_flags") previewMetadata = frame.data.supports_preview_metadata === true;
    try {
      options.onFrame(frame);
    } catch {
      // A listener's failure must not take the socket down with it.
      options.onFault("malformed");
    }
  }

  function lost(socket: WebSocket): void {
    if (current !== socket) return;
    current = null;
    const wasOpen = open;
    open = false;
    previewMetadata = false;
    silence.clear();
    if (wasOpen) options.onClose();
    if (wasOpen) redial.schedule();
  }

  return {
    async connect() {
      if (open) return;
      const first = !wanted;
      wanted = true;
      try {
        await dial();
      } catch (error) {
        if (first) wanted = false;
        throw error;
      }
    },
    isOpen: () => open,
    hasPreviewMetadata: () => previewMetadata,
    expectFrame: (withinMs) => {
      if (open) silence.expect(withinMs);
    },
    receivedFrames: () => received,
    async close() {
      wanted = false;
      silence.clear();
      redial.cancel();
      if (current !== null) await shut(current);
    },
  };
}

function newSocket({ baseUrl, clientId, access, connectMs }: SocketOptions): WebSocket {
  const url = `${baseUrl.replace(/\/+$/, "").replace(/^http/, "ws")}/ws?clientId=${encodeURIComponent(clientId)}`;
  return new WebSocket(url, {
    handshakeTimeout: connectMs,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    headers: access.headers,
    ...tlsOptions(access),
  });
}

/** Ends a socket whose peer is gone without closing it. ComfyUI never pings, so that is only noticed by asking. */
function keepAlive(socket: WebSocket): void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingIntervalMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}

/** Calls `onSilence` if it is not cleared within the time that was last expected. An expectation is never put off. */
function createSilenceTimer(onSilence: () => void): { expect(withinMs: number): void; clear(): void } {
  let timer: NodeJS.Timeout | null = null;
  return {
    expect: (withinMs) => {
      timer ??= setTimeout(() => {
        timer = null;
        onSilence();
      }, withinMs).unref();
    },
    clear: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Dials again and again while it is wanted, until it succeeds: ever more seldom since `reset`. */
function createRedialTimer(
  dial: () => Promise<void>,
  isWanted: () => boolean,
): { schedule(): void; reset(): void; cancel(): void } {
  let timer: NodeJS.Timeout | null = null;
  let tries = 0;
  function schedule(): void {
    if (timer !== null || !isWanted()) return;
    timer = setTimeout(
      () => {
        timer = null;
        dial().catch(schedule);
      },
      backoffMs(tries, redial),
    );
    tries += 1;
  }
  return {
    schedule,
    reset: () => {
      tries = 0;
    },
    cancel: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Closes and waits until it is closed; a peer that does not answer is cut off. */
async function shut(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closeWaitMs);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1000);
  });
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
