import type { Duplex } from "node:stream";
import type { Encoder } from "@trpc/server/adapters/ws";
import type { WebSocket } from "ws";
import { closeCodes } from "../connections/close-codes.ts";
import { createCallLimits } from "./call-limits.ts";

/** Subscriptions, pings and queries of one tab are a few a second; the burst lets every subscription begin and end at once. */
const MESSAGES_PER_SECOND = 50;
const MESSAGE_BURST = 256;
/**
 * With this many bytes unread, subscriptions wait: transient events are replaced by newer ones meanwhile, and durable ones
 * are read again later.
 */
const PAUSE_BYTES = 256 * 1024;
/** With this many bytes unread the socket is cut off, even in the middle of an answer. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** A client that has read nothing for so long while something waited for it is cut off. */
const STALL_MS = 15_000;

export interface SocketGuard {
  /** Counts and bounds every message, in both directions; for the tRPC adapter of this one socket. */
  readonly encoder: Encoder;
  /** Resolves when the client has room for more, or is gone. */
  readonly drained: () => Promise<void>;
  /**
   * Asks the client to reconnect, and holds back everything else from then on. The client subscribes elsewhere while this
   * socket is still open, and would otherwise get the same events twice.
   */
  readonly sendAway: () => void;
}

/**
 * The limits that tRPC's adapter lacks, for one socket: messages, calls and subscriptions coming in, and bytes going out.
 * Beyond them this socket is closed, and no other one is affected. `wire` is the TCP connection below the socket.
 */
export function guardSocket(socket: WebSocket, wire: Duplex): SocketGuard {
  const callLimits = createCallLimits();
  let tokens = MESSAGE_BURST;
  let refilledAt = performance.now();
  let draining: Promise<void> | null = null;
  /** Once the client was told to reconnect: resolves when it has gone. */
  let leaving: Promise<void> | null = null;

  const refuse = (reason: string) => socket.close(closeCodes.tooMuch, reason);

  function spend(count: number): void {
    const now = performance.now();
    tokens = Math.min(MESSAGE_BURST, tokens + ((now - refilledAt) / 1000) * MESSAGES_PER_SECOND) - count;
    refilledAt = now;
    if (tokens < 0 && socket.readyState === socket.OPEN) refuse("too many messages");
    // A client that keeps sending is not read any more; `closeTimeout` ends the connection.
    if (tokens < -MESSAGE_BURST) socket.pause();
  }

  /** To the adapter, as the message that it missed; after this turn, in which it is still beginning the subscription. */
  function stopAgain(id: unknown): void {
    const message = Buffer.from(JSON.stringify({ id, method: "subscription.stop" }));
    setImmediate(() => {
      // The client sent it once and has paid for it; below, every message is counted.
      tokens += 1;
      socket.emit("message", message, false);
    });
  }

  function waitForDrain(): Promise<void> {
    return new Promise((resolve) => {
      const stalled = setTimeout(() => socket.terminate(), STALL_MS);
      const done = () => {
        clearTimeout(stalled);
        wire.off("drain", done);
        socket.off("close", done);
        draining = null;
        resolve();
      };
      wire.on("drain", done);
      socket.on("close", done);
    });
  }

  socket.on("message", () => spend(1));
  socket.on("ping", () => spend(1));

  return {
    encoder: {
      decode(data) {
        if (socket.readyState !== socket.OPEN) return [];
        if (typeof data !== "string") throw new Error("messages are text");
        const message: unknown = JSON.parse(data);
        const calls: unknown[] = Array.isArray(message) ? message : [message];
        const excess = callLimits.excessOf(calls);
        if (excess !== null) refuse(excess);
        else spend(calls.length - 1);
        return socket.readyState === socket.OPEN ? message : [];
      },
      encode(answer) {
        const told = answer as { id?: unknown; result?: { type?: string }; error?: unknown };
        if (callLimits.answered(told)) stopAgain(told.id);
        if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
        return JSON.stringify(answer);
      },
    },
    sendAway() {
      if (socket.readyState !== socket.OPEN) return;
      leaving = new Promise((resolve) => socket.once("close", () => resolve()));
      socket.send('{"id":null,"method":"reconnect"}');
    },
    async drained() {
      if (leaving === null && socket.bufferedAmount > PAUSE_BYTES) {
        draining ??= waitForDrain();
        await draining;
      }
      // Checked after the wait above too: the socket may have been sent away meanwhile.
      if (leaving !== null) await leaving;
    },
  };
}
