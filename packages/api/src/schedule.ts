/** What has to run, and where it can. Seconds are from now. */
export interface Load {
  /** Backend → how many jobs it runs at once. */
  readonly slots: ReadonlyMap<string, number>;
  /** What is under way, in the order it was begun, with what it still takes. */
  readonly running: readonly { readonly backendId: string; readonly seconds: number }[];
  /** For each waiting job, in turn, what it takes on a backend. */
  readonly waiting: readonly ((backendId: string) => number)[];
}

/**
 * Seconds until each waiting job starts, in turn, and last until one more would: each takes the slot that is free first.
 * Empty without a slot.
 */
export function scheduleStarts({ slots, running, waiting }: Load): number[] {
  const free = [...slots].flatMap(([backendId, count]) => Array.from({ length: count }, () => ({ backendId, at: 0 })));
  const firstFree = (of: typeof free) => of.reduce((first, slot) => (slot.at < first.at ? slot : first));
  // More may be under way on a backend than it runs at once: what is handed over early waits behind the others.
  for (const { backendId, seconds } of running) {
    const own = free.filter((slot) => slot.backendId === backendId);
    if (own.length > 0) firstFree(own).at += seconds;
  }
  if (free.length === 0) return [];
  const starts: number[] = [];
  for (const secondsOn of waiting) {
    const slot = firstFree(free);
    starts.push(slot.at);
    slot.at += secondsOn(slot.backendId);
  }
  return [...starts, firstFree(free).at];
}
