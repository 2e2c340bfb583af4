import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "@darkroom/contracts";

/**
 * Postgres could not answer: the connection broke, or the server is stopping, starting, full or resolved a deadlock.
 * Repeating helps, and our statements are fenced or idempotent, so repeating harms nothing even after an unknown commit.
 */
const sqlStates = new Set(["40001", "40P01", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "25P03"]);
const socketCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|CONNECT|CONNECTION)/;

/** True if the statement may succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  let current: unknown = error;
  // Drizzle wraps the driver's error as its cause.
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    const code = "code" in current && typeof current.code === "string" ? current.code : "";
    if (sqlStates.has(code) || code.startsWith("08") || socketCodes.test(code)) return true;
    current = current.cause;
  }
  return false;
}

/**
 * Runs a fenced or idempotent statement, again after a transient fault, with full jitter. Three tries, or until
 * `patienceMs` has passed where the result must not be lost.
 */
export async function retrying<T>(statement: () => Promise<T>, { patienceMs = 0 } = {}): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (!isTransient(error) || (tries >= 3 && performance.now() >= giveUpAt)) throw error;
      await delay(backoffMs(tries, { firstMs: 100, maxMs: 2000 }));
    }
  }
}
