import { MAX_BATCH_CALLS } from "@darkroom/api";

/** A tab needs one feed, a service one for each job that it waits for. */
const MAX_SUBSCRIPTIONS = 128;

/** What a socket's client asked for and has not been answered to the end. */
export interface CallLimits {
  /** Why the calls of one message are too many; null if they are not. Counts their subscriptions. */
  excessOf(calls: readonly unknown[]): string | null;
  /**
   * Follows what is answered, so that a subscription that ends makes room. True if the client stopped this subscription
   * before it had begun: the adapter ignored that, so it must be told again.
   */
  answered(answer: { id?: unknown; result?: { type?: string }; error?: unknown }): boolean;
}

/** The limits on one socket's calls. */
export function createCallLimits(): CallLimits {
  /** Ids of subscriptions that were asked for and have not ended; of those that began; of those stopped before that. */
  const asked = new Set<unknown>();
  const begun = new Set<unknown>();
  const stoppedEarly = new Set<unknown>();

  function subscribe(id: unknown): string | null {
    // The adapter would answer both under the one id, and the end of the first would take the other out of our count.
    if (asked.has(id)) return "a subscription with the id of another";
    if (asked.size >= MAX_SUBSCRIPTIONS) return `more than ${MAX_SUBSCRIPTIONS} subscriptions`;
    asked.add(id);
    return null;
  }

  return {
    excessOf(calls) {
      let others = 0;
      for (const call of calls) {
        const { id, method } = (call ?? {}) as { id?: unknown; method?: unknown };
        if (method === "subscription.stop") {
          if (asked.has(id) && !begun.has(id)) stoppedEarly.add(id);
        } else if (method === "subscription") {
          const excess = subscribe(id);
          if (excess !== null) return excess;
          // After a reconnect a tRPC client sends all its subscriptions in one message: only their own limit bounds them.
        } else others += 1;
      }
      return others > MAX_BATCH_CALLS ? `more than ${MAX_BATCH_CALLS} calls in a message` : null;
    },

    answered({ id, result, error }) {
      if (error !== undefined || result?.type === "stopped") {
        for (const ids of [asked, begun, stoppedEarly]) ids.delete(id);
        return false;
      }
      if (result?.type !== "started") return false;
      begun.add(id);
      return stoppedEarly.delete(id);
    },
  };
}
