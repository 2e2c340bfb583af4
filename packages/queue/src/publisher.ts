import type { OwnedEvent, OwnedTransient, TransientEvent } from "@darkroom/contracts";
import type { Keys } from "./keys.ts";
import type { Redis } from "./redis.ts";

export type ProgressedEvent = Extract<TransientEvent, { type: "job.progressed" }>;

/**
 * Tells the other processes. Everything here is a hint: Postgres is read whether it arrives or not. So nothing
 * rejects; the answer is false (or empty) when Redis did not take it.
 */
export interface Publisher {
  /** Publishes durable events, after their transaction has committed. */
  publish(events: readonly OwnedEvent[]): Promise<boolean>;
  /** Publishes a transient event; a `job.progressed` is also kept for an hour (see `lastProgress`). */
  publishTransient(transient: OwnedTransient): Promise<boolean>;
  /** Keeps a job's current preview for 2 minutes; a preview of an older attempt than the kept one changes nothing. */
  setPreview(jobId: string, jpeg: Buffer, meta: { readonly attempt: number }): Promise<boolean>;
  /** The job's current preview, a JPEG; null when there is none or Redis is down. */
  getPreview(jobId: string): Promise<Buffer | null>;
  /** The last progress of each job that has one. Compare its `attempt` with the job's: it may be of an earlier one. */
  lastProgress(jobIds: readonly string[]): Promise<Map<string, ProgressedEvent>>;
  /** Asks a worker to cancel a job now; its heartbeat would tell it anyway. */
  requestCancel(workerId: string, jobId: string): Promise<boolean>;
  /** Wakes idle workers: something can be taken. */
  wake(): Promise<boolean>;
}

export declare function createPublisher(redis: Redis, keys: Keys): Publisher;
