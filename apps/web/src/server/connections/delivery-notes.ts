import { isDurable, isTerminal, type JobEvent, stateAfter } from "@darkroom/contracts";
import { type Database, requestOfJob } from "@darkroom/db";
import type { ProcessTracer } from "@darkroom/monitor";
import type { OnBroadcast } from "@darkroom/queue";
import type { Logger } from "pino";

/** Says of each batch of durable events how many of those who watch were given it at once; undefined where nobody reads that. */
export function broadcastLog(log: Logger): OnBroadcast | undefined {
  if (!log.isLevelEnabled("debug")) return undefined;
  return (events, { readers, reached }) => {
    for (const { ownerId, ownerSeq, event } of events) {
      const jobId = "jobId" in event ? event.jobId : null;
      log.debug({ ownerId, ownerSeq, jobId, event: event.type, readers, reached }, "broadcast");
    }
  };
}

/** As many jobs' requests are remembered: those that are delivered now. */
const MAX_KNOWN = 2000;

/** Told of each delivery to somebody who watches, once it was written. */
export type DeliveryNotes = (events: readonly JobEvent[], to: { readonly connectionId?: string | undefined }) => void;

/**
 * Notes what was delivered to whom: each durable event in the log, and a job's end as the last step of its request. Undefined
 * where nobody reads either, so that a delivery to a thousand sockets costs nothing more.
 */
export function createDeliveryNotes(parts: {
  readonly database: Database;
  readonly tracer: ProcessTracer;
  readonly log: Logger;
}): DeliveryNotes | undefined {
  const { database, tracer, log } = parts;
  if (!tracer.isOn && !log.isLevelEnabled("debug")) return undefined;
  const known = new Map<string, Promise<string | null>>();

  function requestOf(jobId: string): Promise<string | null> {
    const request = known.get(jobId) ?? requestOfJob(database, jobId).catch(() => null);
    known.set(jobId, request);
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return request;
  }

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
