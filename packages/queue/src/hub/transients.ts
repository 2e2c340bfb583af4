import { type CustomEvent, isAfterEnd, type OwnedEvent, type TransientEvent, type Wait } from "@darkroom/contracts";

/** Of events with the same key only the latest is worth delivering. */
/** What is sent once, and not for good: of a job, or by a service. */
export type Passing = TransientEvent | CustomEvent;

/** Of passing events with the same key the latest wins. */
export const transientKey = (event: Passing) => `${event.type}|${"jobId" in event ? event.jobId : ""}`;

/** True if a transient event must not be delivered once `owned` was. */
export function isOutdatedBy(event: Passing, { event: durable }: OwnedEvent): boolean {
  if (!("jobId" in durable) || !("jobId" in event) || durable.jobId !== event.jobId) return false;
  return event.version < durable.version || isAfterEnd(durable);
}

/** True if a waiting job is told nothing new by the second wait. */
export function isSameWait(a: Wait, b: Wait | null): boolean {
  return (
    a.position === b?.position &&
    a.waitSeconds === b.waitSeconds &&
    a.etaSeconds === b.etaSeconds &&
    a.etaRangeSeconds?.[0] === b.etaRangeSeconds?.[0] &&
    a.etaRangeSeconds?.[1] === b.etaRangeSeconds?.[1] &&
    a.waitReason === b.waitReason
  );
}

/** A waiting job's place, as an event of the version and attempt that it was last delivered in. */
export function positioned(
  jobId: string,
  { version, attempt }: { readonly version: number; readonly attempt: number },
  wait: Wait,
): TransientEvent {
  const at = new Date().toISOString();
  return { type: "job.positioned", jobId, version, attempt, at, ...wait };
}
