/** Wakes the one loop that waits for it. A notification while nobody waits is kept for the next wait, so none is missed. */
export interface Wakeup {
  notify(): void;
  /** Resolves at the next notification, after `timeoutMs`, or at once if it was notified since the last wait. */
  wait(timeoutMs: number): Promise<void>;
}

/** A wakeup for at most one waiter. */
export function createWakeup(): Wakeup {
  let isNotified = false;
  let wake: (() => void) | null = null;
  return {
    notify: () => {
      isNotified = true;
      wake?.();
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          wake = null;
          isNotified = false;
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        wake = finish;
        if (isNotified) finish();
      }),
  };
}
