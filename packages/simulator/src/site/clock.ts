import { setTimeout as after, setImmediate as nextTurn } from "node:timers/promises";

/** The simulator's only source of time. */
export interface Clock {
  /** Unix milliseconds, whole. */
  now(): number;
  /** Milliseconds since some moment, with fractions; never falls. */
  monotonic(): number;
  /** Ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Time that passes only while somebody waits for it, and then at once. */
export interface VirtualClock extends Clock {
  /** How many waits are pending. */
  waiting(): number;
  /** Moves the time to the wait that is due first, and ends that wait. False if none is pending. */
  step(): boolean;
  /** Moves the time on by so many milliseconds without ending any wait. */
  pass(ms: number): void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    if (!signal.aborted) await after(ms, undefined, { signal }).catch(() => {});
  },
};

const virtualStart = Date.UTC(2026, 0, 1);

/**
 * A clock that begins at the same moment every time. `stepsItself`: every wait ends in the event loop's next turn, so
 * that a run takes no time beyond its work; otherwise a test calls `step`.
 */
export function createVirtualClock({ stepsItself }: { readonly stepsItself: boolean }): VirtualClock {
  let elapsed = 0;
  let sleepers: { readonly due: number; readonly wake: () => void }[] = [];

  function step(): boolean {
    const [first] = sleepers.toSorted((a, b) => a.due - b.due);
    if (first === undefined) return false;
    sleepers = sleepers.filter((sleeper) => sleeper !== first);
    elapsed = Math.max(elapsed, first.due);
    first.wake();
    return true;
  }

  return {
    now: () => virtualStart + Math.floor(elapsed),
    monotonic: () => elapsed,
    waiting: () => sleepers.length,
    step,
    pass(ms) {
      elapsed += ms;
    },
    async sleep(ms, signal) {
      if (signal.aborted) return;
      const ended = new Promise<void>((wake) => {
        sleepers.push({ due: elapsed + ms, wake });
        signal.addEventListener("abort", () => wake(), { once: true });
      });
      if (stepsItself) {
        // What was sent meanwhile gets out, and what was asked gets in.
        await nextTurn();
        step();
      }
      await ended;
    },
  };
}
