import type { Duplex } from "node:stream";
import type { Context } from "@darkroom/api";
import type { Encoder } from "@trpc/server/adapters/ws";
import type { WebSocket } from "ws";
import { closeCodes } from "../connections/close-codes.ts";
import { excessOf } from "./call-limits.ts";
import { createSubscriptions, type SubscriptionListener } from "./subscriptions.ts";

/** Subscriptions, pings and queries of one tab are a few a second; the burst lets every subscription begin and end at once. */
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
  /**
   * Asks the client to reconnect, and holds back every event from then on. The client subscribes elsewhere while this
   * socket is still open, and would otherwise get the same events twice.
   */
  readonly sendAway: () => void;
}

/**
 * The limits that tRPC's adapter lacks, for one socket: messages, calls and subscriptions coming in, and bytes going out.
 * Beyond them this socket is closed, and no other one is affected. `wire` is the TCP connection below the socket.
 */
export function guardSocket(
  socket: WebSocket,
  wire: Duplex,
  context: Context,
  {
    messagesPerSecond,
    onPong,
    ...told
  }: SubscriptionListener & { readonly messagesPerSecond: number; readonly onPong: (ms: number) => void },
): SocketGuard {
  let tokens = MESSAGE_BURST;
  let refilledAt = performance.now();
  let stalled: NodeJS.Timeout | null = null;

  const refuse = (reason: string) => socket.close(closeCodes.tooMuch, reason);

  function spend(count: number): void {
    const now = performance.now();
    tokens = Math.min(MESSAGE_BURST, tokens + ((now - refilledAt) / 1000) * messagesPerSecond) - count;
    refilledAt = now;
    if (tokens < 0 && socket.readyState === socket.OPEN) refuse("too many messages");
    // A client that keeps sending is not read any more; `closeTimeout` ends the connection.
    if (tokens < -MESSAGE_BURST) socket.pause();
  }

  /** Before something is written, not after: one answer may be large, and a client that reads has had no time to. */
  function cutIfFull(): void {
    if (wire.writableLength > MAX_BUFFERED_BYTES) socket.terminate();
  }

  /** Lets events wait until the client has read everything. */
  function waitForRoom(): void {
    if (stalled !== null) return;
    stalled = setTimeout(() => socket.terminate(), STALL_MS);
    wire.once("drain", () => {
      if (stalled !== null) clearTimeout(stalled);
      stalled = null;
      subscriptions.resume();
    });
  }

  const line = {
    say: (message: object) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    // Past `ws`, which is safe as long as nothing is compressed: it then keeps nothing back that would have to go first.
    write: (frame: Buffer) => {
      cutIfFull();
      if (socket.readyState !== socket.OPEN) return false;
      wire.write(frame);
      if (wire.writableLength <= PAUSE_BYTES) return true;
      waitForRoom();
      return false;
    },
  };
  const subscriptions = createSubscriptions(line, context, told);

  socket.on("message", () => spend(1));
  timePings(socket, onPong);
  socket.on("ping", () => spend(1));
  socket.once("close", () => {
    if (stalled !== null) clearTimeout(stalled);
    subscriptions.close();
  });

  return {
    encoder: {
      decode(data) {
        if (socket.readyState !== socket.OPEN) return [];
        if (typeof data !== "string") throw new Error("messages are text");
        // A byte order mark is read over, as in a body.
        const message: unknown = JSON.parse(data.replace(/^\uFEFF/, ""));
        const calls: unknown[] = Array.isArray(message) ? message : [message];
        const excess = excessOf(calls);
        if (excess !== null) refuse(excess);
        else spend(calls.length - 1);
        if (socket.readyState !== socket.OPEN) return [];
        return calls.filter((call) => {
          if (socket.readyState !== socket.OPEN) return false;
          const taken = subscriptions.take(call);
          if (taken?.refusal) refuse(taken.refusal);
          return taken === null;
        });
      },
      encode(answer) {
        cutIfFull();
        return JSON.stringify(answer);
      },
    },
    sendAway() {
      if (socket.readyState !== socket.OPEN) return;
      subscriptions.close();
      socket.send('{"id":null,"method":"reconnect"}');
    },
  };
}

/** Times the adapter's pings, which are messages like others: it tells nobody how long they took. */
function timePings(socket: WebSocket, onPong: (ms: number) => void): void {
  let pingedAt: number | null = null;
  const send = socket.send.bind(socket) as (...given: unknown[]) => void;
  socket.send = (...given: unknown[]) => {
    if (given[0] === "PING") pingedAt = performance.now();
    send(...given);
  };
  socket.on("message", (data: Buffer) => {
    if (pingedAt === null || data.length !== 4 || data.toString() !== "PONG") return;
    onPong(performance.now() - pingedAt);
    pingedAt = null;
  });
}
