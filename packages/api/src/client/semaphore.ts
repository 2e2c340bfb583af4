/** A number of places, given out in the order they are asked for. */
export interface Places {
  /** Resolves with what gives the place back; rejects with the signal. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createPlaces(count: number): Places {
  const waiting = new Set<() => void>();
  let free = count;

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async take(signal) {
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
      return giveBack;
    },
  };
}
