import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs, withDeadline } from "@darkroom/contracts";
import { isTransient } from "@darkroom/db";

const RETRY = { firstMs: 100, maxMs: 2000 };
/**
 * Postgres ends a statement after five seconds. A read that takes longer was sent on a connection that was being cut: the
 * driver sometimes never settles such a transaction.
 */
const PATIENCE_MS = 6000;

/**
 * `read`'s answer, asked again while Postgres is away. A subscription must not end because it began in a bad moment: the
 * hub waits for Postgres too. Rejects with any other error, and with the abort's reason once the caller is gone.
 * `read` may run twice at once, so it must change nothing.
 */
export async function untilAvailable<Value>(
  signal: AbortSignal | undefined,
  read: () => Promise<Value>,
): Promise<Value> {
  const abortable = signal === undefined ? {} : { signal };
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await withDeadline(
        read().then((value) => ({ value })),
        PATIENCE_MS,
        () => null,
      );
      if (answer !== null) return answer.value;
      signal?.throwIfAborted();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(backoffMs(tries, RETRY), undefined, abortable);
    }
  }
}
