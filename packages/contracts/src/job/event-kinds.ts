import type { CustomEvent } from "./custom-event.ts";
import type { DurableEventType, FeedEvent, JobEvent, TransientEvent } from "./event.ts";
import { isTerminal, type JobState } from "./job.ts";

// Apart from `event.ts` because pages import these functions, and would get zod with the schemas.

/** Named one by one, so that a new transient event does not compile until it is named here too. */
const transientTypes: Readonly<Record<TransientEvent["type"], true>> = {
  "job.progressed": true,
  "job.previewed": true,
  "job.positioned": true,
};

/** True if the event is stored and delivered in order; false if the latest one wins. */
export function isDurable(event: JobEvent): event is FeedEvent {
  return isCustom(event) ? event.durable : !Object.hasOwn(transientTypes, event.type);
}

/** True for an event that a service added. */
export function isCustom(event: JobEvent): event is CustomEvent {
  return event.type.startsWith("x.");
}

/** The state a job is in after a durable event; null if the event does not tell. */
export function stateAfter(event: FeedEvent): JobState | null {
  if (isCustom(event)) return null;
  switch (event.type) {
    case "job.queued":
    case "job.retried":
      return "queued";
    case "job.started":
    case "job.staged":
      return "running";
    case "job.canceling":
      return "canceling";
    case "job.succeeded":
      return "succeeded";
    case "job.failed":
      return "failed";
    case "job.canceled":
      return "canceled";
    case "output.created":
    case "output.removed":
    case "output.favorited":
    case "job.removed":
    case "batch.settled":
    case "alert.raised":
    case "alert.cleared":
      return null;
  }
}

const onlyAfterEnd: ReadonlySet<DurableEventType> = new Set(["output.removed", "output.favorited", "job.removed"]);

/** True if its job runs no more after this event: it ended just now, or it had ended before. */
export function isAfterEnd(event: FeedEvent): boolean {
  if (isCustom(event)) return false;
  if (onlyAfterEnd.has(event.type)) return true;
  const state = stateAfter(event);
  return state !== null && isTerminal(state);
}
