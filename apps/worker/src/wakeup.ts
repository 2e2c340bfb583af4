/** Wakes whoever waits. A ring while nobody waits is kept, so it is never missed. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `timeoutMs`, or at once if it rang since the last wait. */
  wait(timeoutMs: number): Promise<void>;
}

/** A bell with at most one waiter. */
export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          wake = null;
          isRung = false;
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        wake = finish;
        if (isRung) finish();
      }),
  };
}
