import type { Duplex } from "node:stream";
import type { Context } from "@darkroom/api";
import type { Principal } from "@darkroom/contracts";
import { TRPCError } from "@trpc/server";
import type { WebSocket } from "ws";
import { closeCodes } from "../connections/close-codes.ts";
import type { Connection, Line } from "../connections/connections.ts";
import { excessOf } from "./call-limits.ts";
import { answerOf, type Message, messageOf, refusalOf } from "./calls.ts";
import { textFrame } from "./frames.ts";
import { type PingedLine, Pings, type PingTimes } from "./pings.ts";
import type { SocketLine } from "./subscription.ts";
import { Subscriptions } from "./subscriptions.ts";

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

const PING = textFrame("PING");
const PONG = textFrame("PONG");
const RECONNECT = textFrame('{"id":null,"method":"reconnect"}');

/** Who speaks over a socket: all that is kept of its request. */
export interface Caller {
  readonly connection: Connection;
  readonly requestId: string;
  /** What its address is counted by, and a keyed hash of that; not known once its connection is gone. */
  readonly addressGroup: string | undefined;
  readonly addressKey: string | null;
}

/** What all sockets of a process have in common. */
export interface SocketRules {
  readonly createContext: (caller: Caller) => Context;
  readonly keepAlive: PingTimes;
  readonly messagesPerSecond: number;
  /** Called with the round trip of each ping that was answered, in milliseconds. */
  readonly onPong: (ms: number) => void;
  readonly onFailure: (error: TRPCError, path: string) => void;
  /** Told of a subscription that goes on from where an earlier connection had ended. */
  readonly onResume: () => void;
}

/**
 * One socket, as a server of tRPC's protocol with limits: on messages, calls and subscriptions coming in, and on bytes going out.
 * Beyond them it is closed, and no other one is affected. A class, since there are thousands: a closure of each would take
 * more memory than all it keeps.
 */
export class SocketGuard implements Line, SocketLine, PingedLine {
  readonly #socket: WebSocket;
  /** The TCP connection below the socket. */
  readonly #wire: Duplex;
  readonly #rules: SocketRules;
  readonly #caller: Caller;
  readonly #subscriptions: Subscriptions;
  readonly #pings: Pings;
  #tokens = MESSAGE_BURST;
  #refilledAt = performance.now();
  #stalled: NodeJS.Timeout | null = null;

  constructor(socket: WebSocket, wire: Duplex, caller: Caller, rules: SocketRules) {
    this.#socket = socket;
    this.#wire = wire;
    this.#rules = rules;
    this.#caller = caller;
    this.#subscriptions = new Subscriptions(this);
    this.#pings = new Pings(this, rules.keepAlive);
  }

  get connectionId(): string {
    return this.#caller.connection.connectionId;
  }

  get principal(): Principal {
    return this.#caller.connection.principal;
  }

  /** A context for one call. Made anew for each, so that a quiet socket keeps none. */
  createContext(): Context {
    return this.#rules.createContext(this.#caller);
  }

  /** Takes a message of the client. */
  receive(data: Buffer, isBinary: boolean): void {
    const text = data.toString();
    this.#caller.connection.lastSeenAt = new Date().toISOString();
    this.#pings.heard({ isPong: text === "PONG" });
    this.spend(1);
    if (text === "PONG" || !this.#isOpen()) return;
    if (text === "PING") return void this.#wire.write(PONG);
    for (const message of this.#read(text, isBinary)) if (this.#isOpen()) this.#serve(message);
  }

  /** Takes `count` of what the client may send. */
  spend(count: number): void {
    const now = performance.now();
    const refilled = ((now - this.#refilledAt) / 1000) * this.#rules.messagesPerSecond;
    this.#tokens = Math.min(MESSAGE_BURST, this.#tokens + refilled) - count;
    this.#refilledAt = now;
    if (this.#tokens < 0 && this.#isOpen()) this.#refuse("too many messages");
    // A client that keeps sending is not read any more; `closeTimeout` ends the connection.
    if (this.#tokens < -MESSAGE_BURST) this.#socket.pause();
  }

  say(message: object): void {
    this.#cutIfFull();
    if (this.#isOpen()) this.#wire.write(textFrame(JSON.stringify(message)));
  }

  write(frame: Buffer): boolean {
    this.#cutIfFull();
    if (!this.#isOpen()) return false;
    // Past `ws`, which is safe as long as nothing is compressed: it then keeps nothing back that would have to go first.
    this.#wire.write(frame);
    if (this.#wire.writableLength <= PAUSE_BYTES) return true;
    this.#waitForRoom();
    return false;
  }

  onFailure(error: TRPCError, path: string): void {
    this.#rules.onFailure(error, path);
  }

  onResume(): void {
    this.#rules.onResume();
  }

  ping(): void {
    if (this.#isOpen()) this.#wire.write(PING);
  }

  onPong(ms: number): void {
    this.#rules.onPong(ms);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /**
   * Asks the client to reconnect, and holds back every event from then on. The client subscribes elsewhere while this
   * socket is still open, and would otherwise get the same events twice.
   */
  sendAway(): void {
    if (!this.#isOpen()) return;
    this.#subscriptions.close();
    this.#wire.write(RECONNECT);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Lets go of everything, once the socket is closed. */
  end(): void {
    if (this.#stalled !== null) clearTimeout(this.#stalled);
    this.#pings.end();
    this.#subscriptions.close();
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #refuse(reason: string): void {
    this.#socket.close(closeCodes.tooMuch, reason);
  }

  /** The messages in what was sent; none if it is too much, or cannot be read, which the client is told. */
  #read(text: string, isBinary: boolean): readonly Message[] {
    try {
      if (isBinary) throw new Error("messages are text");
      // A byte order mark is read over, as in a body.
      const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
      const calls: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
      const excess = excessOf(calls);
      if (excess !== null) this.#refuse(excess);
      else this.spend(Math.max(0, calls.length - 1));
      return this.#isOpen() ? calls.map(messageOf) : [];
    } catch (cause) {
      this.say(refusalOf(new TRPCError({ code: "PARSE_ERROR", cause }), null, this.createContext()));
      return [];
    }
  }

  #serve(message: Message): void {
    if (message.method === "subscription.stop") this.#subscriptions.stop(message.id);
    else if (message.method === "subscription") {
      const refusal = this.#subscriptions.begin(message);
      if (refusal !== null) this.#refuse(refusal);
    } else void answerOf(message, this.createContext(), this.#rules.onFailure).then((answer) => this.say(answer));
  }

  /** Before something is written, not after: one answer may be large, and a client that reads has had no time to. */
  #cutIfFull(): void {
    if (this.#wire.writableLength > MAX_BUFFERED_BYTES) this.#socket.terminate();
  }

  /** Lets events wait until the client has read everything. */
  #waitForRoom(): void {
    if (this.#stalled !== null) return;
    this.#stalled = setTimeout(() => this.#socket.terminate(), STALL_MS);
    this.#wire.once("drain", () => {
      if (this.#stalled !== null) clearTimeout(this.#stalled);
      this.#stalled = null;
      this.#subscriptions.resume();
    });
  }
}
