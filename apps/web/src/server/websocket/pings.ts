/** What a socket is asked by, and given up. */
export interface PingedLine {
  ping(): void;
  /** Told the round trip of a ping that was answered, in milliseconds. */
  onPong(ms: number): void;
  terminate(): void;
}

/** When a quiet socket is pinged, and how long it may then take to answer. */
export interface PingTimes {
  readonly pingMs: number;
  readonly pongWaitMs: number;
}

/**
 * Pings a socket whose client has said nothing for a while, in tRPC's protocol, and gives it up where no word comes after
 * that. A class, and one timer, because there are as many as sockets.
 */
export class Pings {
  readonly #line: PingedLine;
  readonly #times: PingTimes;
  #timer: NodeJS.Timeout;
  #pingedAt: number | null = null;
  #isWaiting = false;

  constructor(line: PingedLine, times: PingTimes) {
    this.#line = line;
    this.#times = times;
    this.#timer = setTimeout(Pings.#ping, times.pingMs, this);
  }

  /** Something came; any word says that the client is there. */
  heard({ isPong }: { readonly isPong: boolean }): void {
    if (isPong && this.#pingedAt !== null) {
      this.#line.onPong(performance.now() - this.#pingedAt);
      this.#pingedAt = null;
    }
    if (!this.#isWaiting) return void this.#timer.refresh();
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(Pings.#ping, this.#times.pingMs, this);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  static #ping(one: Pings): void {
    one.#isWaiting = true;
    one.#pingedAt = performance.now();
    one.#timer = setTimeout(Pings.#giveUp, one.#times.pongWaitMs, one);
    one.#line.ping();
  }

  static #giveUp(one: Pings): void {
    one.#line.terminate();
  }
}
