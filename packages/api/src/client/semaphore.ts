/** Lets at most `count` callers work at once; the others wait in the order they asked. */
export interface Semaphore {
  /** Resolves with the release, to be called once; rejects with the signal's reason. */
  acquire(signal: AbortSignal): Promise<() => void>;
}

/** A semaphore with `count` permits. */
export function createSemaphore(count: number): Semaphore {
  const waiting = new Set<() => void>();
  let free = count;

  function release(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async acquire(signal) {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else
        await new Promise<void>((resolve, reject) => {
          const onAbort = () => {
            waiting.delete(onTurn);
            reject(signal.reason);
          };
          const onTurn = () => {
            waiting.delete(onTurn);
            signal.removeEventListener("abort", onAbort);
            resolve();
          };
          waiting.add(onTurn);
          signal.addEventListener("abort", onAbort, { once: true });
        });
      return release;
    },
  };
}
