import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@darkroom/db";

/**
 * Looks on while something is timed: how many times longer than its quickest a round trip to the database took, on
 * average. About 2 on a quiet machine. What takes this much longer is slow because everything is.
 */
export function watchHostPace({ sql }: Pick<Database, "sql">): { stop(): Promise<number> } {
  const trips: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await sql`SELECT 1`;
      trips.push(performance.now() - begun);
      await sleep(50);
    }
  })();
  // A test that timed out takes its database away.
  watching.catch(() => undefined);
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return trips.reduce((sum, ms) => sum + ms, 0) / trips.length / Math.min(...trips);
    },
  };
}
