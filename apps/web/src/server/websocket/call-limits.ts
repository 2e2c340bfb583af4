import { MAX_BATCH_CALLS } from "@darkroom/contracts";

/** A tab needs one feed, a service one for each job that it waits for. */
export const MAX_SUBSCRIPTIONS = 128;

/** Why the calls of one message are too many; null if they are not. */
export function excessOf(calls: readonly unknown[]): string | null {
  // After a reconnect a tRPC client sends all its subscriptions in one message: only their own limit bounds them.
  const others = calls.filter(
    (call) => !String((call as { method?: unknown } | null)?.method).startsWith("subscription"),
  );
  return others.length > MAX_BATCH_CALLS ? `more than ${MAX_BATCH_CALLS} calls in a message` : null;
}
