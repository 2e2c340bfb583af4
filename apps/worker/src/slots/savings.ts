/**
 * How many ended runs of one backend may be saved at once before its slots wait for them. Storing a picture takes a few times as long as
 * the shortest runs, so one or two would let the backend stand still; each has a file on this disk, a picture being decoded and
 * a connection to Postgres in use, and is for somebody else to fetch again if this worker dies, so they may not pile up.
 */
export const SAVED_AT_ONCE = 4;

/** The attempts of one backend whose prompt is over and which are being stored and settled beside its slots. */
export interface Savings {
  /**
   * Adds an attempt that is being saved, which never rejects. Resolves when the slot that it came from may go on: at once while fewer
   * than {@link SAVED_AT_ONCE} are there, else when fewer are. So a slow storage holds the backend up.
   */
  add(saving: Promise<unknown>): Promise<void>;
  /** Resolves when nothing is being saved. */
  drained(): Promise<void>;
}

export function createSavings(): Savings {
  const underWay = new Set<Promise<unknown>>();
  const fewerThan = async (count: number): Promise<void> => {
    while (underWay.size >= count) await Promise.race(underWay);
  };
  return {
    add: async (saving) => {
      const kept = saving.finally(() => underWay.delete(kept));
      underWay.add(kept);
      await fewerThan(SAVED_AT_ONCE);
    },
    drained: () => fewerThan(1),
  };
}
