import type { Metric, OwnedEvent, OwnedTransient } from "@darkroom/contracts";
import type { Publisher } from "@darkroom/queue";
import type { Logger } from "pino";

/**
 * Publishing, best effort: Redis being down must not stop a running job. Durable events are in Postgres already, and
 * every hub finds what it missed there; a transient one is replaced by the next.
 */
export interface Announcer {
  /** Only after the transaction that wrote them was committed. */
  events(events: readonly OwnedEvent[]): void;
  transient(event: OwnedTransient): void;
  /** Tells operators what was measured. */
  metric(metric: Metric): void;
  /** False if Redis did not take it. */
  preview(jobId: string, jpeg: Buffer, meta: { readonly attempt: number }): Promise<boolean>;
}

/** Says once that Redis does not take events, and once that it does again. */
export function createAnnouncer(publisher: Publisher, log: Logger): Announcer {
  let isDown = false;
  const best = async (sending: Promise<boolean>): Promise<boolean> => {
    const isTaken = await sending.catch(() => false);
    if (isTaken && isDown) log.info("redis takes events again");
    if (!isTaken && !isDown) log.warn("redis does not take events; running jobs go on");
    isDown = !isTaken;
    return isTaken;
  };
  return {
    events: (events) => {
      if (events.length > 0) void best(publisher.publish(events));
    },
    transient: (event) => void best(publisher.publishTransient(event)),
    metric: (metric) => void best(publisher.publishMetric(metric)),
    preview: (jobId, jpeg, meta) => best(publisher.setPreview(jobId, jpeg, meta)),
  };
}
