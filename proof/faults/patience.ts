import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long anything may take before it counts as stuck, in the machine's own pace: one that is busy with other work is
 * slower at everything, and how slow it is shows in how long our own processes take to start.
 */
export interface Patience {
  /** A process needed that many milliseconds to its first line. */
  started(ms: number): void;
  /** What takes `ms` on a machine that does nothing else, in milliseconds of this one as it is now; never less. */
  of(ms: number): number;
  /** Resolves after {@link Patience.of} `ms`, longer if the machine becomes slower meanwhile; rejects when `signal` ends. */
  after(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a start takes at most where the suite has two cores for itself. */
const QUIET_START_MS = 3000;

/** Starts that are remembered: the pace changes while a suite runs. */
const REMEMBERED = 6;

export function createPatience(): Patience {
  let starts: number[] = [];
  const of = (ms: number): number => (ms * Math.max(QUIET_START_MS, ...starts)) / QUIET_START_MS;
  return {
    started: (ms) => {
      starts = [...starts, ms].slice(-REMEMBERED);
    },
    of,
    after: async (ms, signal) => {
      const begunAt = performance.now();
      for (;;) {
        const left = of(ms) - (performance.now() - begunAt);
        if (left <= 0) return;
        await sleep(left, undefined, { ...(signal && { signal }) });
      }
    },
  };
}
