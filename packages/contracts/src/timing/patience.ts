/** A wait that can be begun again and ended. */
export interface Patience {
  /** It counts from now. */
  beginAgain(): void;
  end(): void;
}

const SLICES = 10;

/**
 * Calls `onEnd` once `ms` milliseconds have passed in which this process could have heard something. It counts in slices:
 * a process that was busy for seconds finds one slice over, not all of them, and hears first what arrived meanwhile. A
 * single timer would then take Postgres for silent, and a loaded machine would refuse its callers for it.
 */
export function startPatience(ms: number, onEnd: () => void): Patience {
  let left = SLICES;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    onEnd();
  }, ms / SLICES);
  return {
    beginAgain: () => {
      left = SLICES;
    },
    end: () => clearInterval(timer),
  };
}
