/** Calls through at most once per interval; the last call of a burst is never dropped, only delayed. */
export interface Throttle {
  call(): void;
  stop(): void;
}

export function createThrottle(intervalMs: number, act: () => void): Throttle {
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const fire = (): void => {
    timer = null;
    lastAt = performance.now();
    act();
  };
  return {
    call: () => {
      if (timer !== null) return;
      const waitMs = lastAt + intervalMs - performance.now();
      if (waitMs <= 0) fire();
      else timer = setTimeout(fire, waitMs);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
