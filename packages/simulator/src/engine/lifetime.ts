import { setMaxListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../site/clock.ts";
import { Killed } from "./node-faults.ts";

/** From a server's start to its end, which cuts every wait short. */
export interface Lifetime {
  /**
   * Waits so many milliseconds of the clock; 0 is one turn of the event loop, so that what was sent leaves. A stop ends the
   * wait early and without an error: it raises the interrupt too, and the next check for that ends the node.
   *
   * @throws Killed once the server was killed
   */
  sleep(ms: number): Promise<void>;
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  stop(): void;
  /** Stops, and lets nothing that waits go on. */
  kill(): void;
}

export function createLifetime(clock: Clock): Lifetime {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let killed = false;
  return {
    async sleep(ms) {
      await (ms === 0 ? nextTurn() : clock.sleep(ms, stopping.signal));
      if (killed) throw new Killed();
    },
    over: new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve())),
    stop: () => stopping.abort(),
    kill() {
      killed = true;
      stopping.abort();
    },
  };
}
