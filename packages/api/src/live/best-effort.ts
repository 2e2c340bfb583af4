import { withDeadline } from "@darkroom/contracts";
import type { Log } from "../context.ts";

/**
 * How long an answer waits for Redis, in milliseconds. What is missed here is done by the reconciler, so a slow Redis
 * must not make a slow answer.
 */
const REDIS_PATIENCE_MS = 250;

/** `work`'s value, or `fallback` if it fails or takes longer than {@link REDIS_PATIENCE_MS}; never rejects. */
export async function bestEffort<Value>(
  log: Log,
  what: string,
  fallback: Value,
  work: () => Promise<Value>,
): Promise<Value> {
  const done = async (): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      log.warn({ what, err: error }, "Redis did not answer; going on without it");
      return fallback;
    }
  };
  return withDeadline(done(), REDIS_PATIENCE_MS, () => {
    log.warn({ what, patienceMs: REDIS_PATIENCE_MS }, "Redis is slow; going on without it");
    return fallback;
  });
}
