import { isDurable, isTerminal, type JobEvent, stateAfter } from "@darkroom/contracts";
import type { JobRequests, ProcessTracer } from "@darkroom/monitor";
import type { Logger } from "pino";

/** Told of each delivery to somebody who watches, once it was written. */
export type DeliveryNotes = (events: readonly JobEvent[], to: { readonly connectionId?: string | undefined }) => void;

/**
 * Notes what was delivered to whom: each durable event in the log, and a job's end as the last step of its request. Undefined
 * where nobody reads either, so that a delivery to a thousand sockets costs nothing more.
 */
export function createDeliveryNotes(parts: {
  readonly requestOf: JobRequests;
  readonly tracer: ProcessTracer;
  readonly log: Logger;
}): DeliveryNotes | undefined {
  const { requestOf, tracer, log } = parts;
  if (!tracer.isOn && !log.isLevelEnabled("debug")) return undefined;
  async function note(event: JobEvent, connectionId: string | undefined): Promise<void> {
    if (!isDurable(event) || !("jobId" in event)) return;
    const endMs = Date.now();
    const { type, jobId, version, at } = event;
    const requestId = await requestOf(jobId);
    log.debug({ requestId, connectionId, jobId, version, event: type }, "delivered");
    const state = stateAfter(event);
    if (state === null || !isTerminal(state)) return;
    const startMs = Math.min(endMs, Date.parse(at));
    tracer.step(requestId ?? jobId, {
      name: "delivered",
      startMs,
      endMs,
      facts: { jobId, event: type, ...(connectionId && { connectionId }) },
    });
  }

  return (events, { connectionId }) => {
    for (const event of events) void note(event, connectionId);
  };
}
