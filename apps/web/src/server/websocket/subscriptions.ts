import { MAX_SUBSCRIPTIONS } from "./call-limits.ts";
import type { Call, Message } from "./calls.ts";
import { type SocketLine, Subscription } from "./subscription.ts";

/** The subscriptions of one socket. */
export class Subscriptions {
  readonly #line: SocketLine;
  readonly #open = new Map<unknown, Subscription>();
  #isClosed = false;

  constructor(line: SocketLine) {
    this.#line = line;
  }

  /** Begins one. Answers why the socket must be closed; null: it need not be. */
  begin(call: Call): string | null {
    if (this.#isClosed) return null;
    // Both would be answered under the one id, and only one of them could be stopped.
    if (this.#open.has(call.id)) return "a subscription with the id of another";
    if (this.#open.size >= MAX_SUBSCRIPTIONS) return `more than ${MAX_SUBSCRIPTIONS} subscriptions`;
    void new Subscription(this.#line, call, this.#open).serve(call);
    return null;
  }

  /** Ends the one with this id, if there is one. */
  stop(id: Message["id"]): void {
    this.#open.get(id)?.end();
  }

  /** The client has read what it had: those that waited go on. */
  resume(): void {
    for (const one of this.#open.values()) one.resume();
  }

  /** Ends them all, without a word; what is asked for afterwards is not heard. */
  close(): void {
    this.#isClosed = true;
    for (const one of [...this.#open.values()]) one.stop();
  }
}
