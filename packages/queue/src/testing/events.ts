import type { DurableEvent, TransientEvent } from "@darkroom/contracts";
import type { Delivery } from "../hub/delivery.ts";
import type { ProgressedEvent } from "../pubsub/publisher.ts";

type OfJob<Type> = Omit<Extract<DurableEvent, { type: Type }>, "at" | "type">;

const at = "2026-11-21T12:00:00.000Z";

/** Durable events by type, with the fields that these tests look at. */
export const durable = {
  queued: (jobId: string, version = 1): DurableEvent => ({
    type: "job.queued",
    jobId,
    version,
    attempt: 0,
    at,
    workflow: "test-card",
    batchId: null,
  }),
  started: (jobId: string, version = 2, attempt = 1): DurableEvent => ({
    type: "job.started",
    jobId,
    version,
    attempt,
    at,
    backend: "backend-1",
  }),
  retried: (jobId: string, version: number, attempt: number): DurableEvent => ({
    ...({ jobId, version, attempt, reason: "released", failure: null, runAfter: at } satisfies OfJob<"job.retried">),
    type: "job.retried",
    at,
  }),
  succeeded: (jobId: string, version = 3, attempt = 1): DurableEvent => ({
    ...({ jobId, version, attempt, durationSeconds: 1 } satisfies OfJob<"job.succeeded">),
    type: "job.succeeded",
    at,
  }),
  removed: (jobId: string, version: number, attempt = 1): DurableEvent => ({
    type: "job.removed",
    jobId,
    version,
    attempt,
    at,
  }),
};

/** A `job.progressed` with a message that tells the events of one job apart. */
export function progressed(jobId: string, version: number, attempt: number, progress: number): TransientEvent {
  return progressedEvent({ jobId, version, attempt, at, progress, message: `${progress} %` });
}

/** A `job.progressed` of the first attempt, as early as there can be one; what matters to a test is given. */
export function progressedEvent(given: Partial<ProgressedEvent> & Pick<ProgressedEvent, "jobId">): ProgressedEvent {
  return {
    type: "job.progressed",
    version: 2,
    attempt: 1,
    at: new Date().toISOString(),
    progress: 50,
    stage: "sampling",
    message: "",
    step: null,
    steps: null,
    node: null,
    nodeTitle: null,
    nodesDone: 0,
    nodesTotal: 1,
    etaSeconds: null,
    ...given,
  };
}

/** Reads deliveries until one satisfies `isLast`; answers all of them. */
export async function readUntil(
  iterator: AsyncIterableIterator<Delivery, undefined>,
  isLast: (delivery: Delivery, all: readonly Delivery[]) => boolean,
): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (;;) {
    const result = await iterator.next();
    if (result.done) throw new Error("the subscription ended");
    all.push(result.value);
    if (isLast(result.value, all)) return all;
  }
}

/** Reads until an event of this type (and job) came; answers every event as `type jobId version`. */
export async function readEvents(
  iterator: AsyncIterableIterator<Delivery, undefined>,
  lastType: string,
  lastJob?: string,
): Promise<string[]> {
  const deliveries = await readUntil(iterator, ({ events }) =>
    events.some((event) => event.type === lastType && (lastJob === undefined || jobOf(event) === lastJob)),
  );
  return deliveries.flatMap(({ events }) => events.map((event) => `${event.type} ${jobOf(event)} ${versionOf(event)}`));
}

type AnyEvent = Delivery["events"][number];
const jobOf = (event: AnyEvent) => ("jobId" in event ? event.jobId : "batchId" in event ? event.batchId : "");
const versionOf = (event: AnyEvent) => ("version" in event ? event.version : "");
