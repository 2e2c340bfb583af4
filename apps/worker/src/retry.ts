import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@darkroom/contracts";
import { isTransient } from "@darkroom/db";

/**
 * Runs a fenced or idempotent statement, and again while Postgres cannot answer: repeating such a statement harms nothing,
 * even if an earlier try was committed and its answer lost. Three tries, or until `patienceMs` has passed where the result
 * must not be lost; then it rejects with the last error.
 */
export async function retrying<T>(statement: () => Promise<T>, { patienceMs = 0 } = {}): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (!isTransient(error) || (tries >= 3 && performance.now() >= giveUpAt)) throw error;
      await sleep(backoffMs(tries, { firstMs: 100, maxMs: 2000 }));
    }
  }
}
