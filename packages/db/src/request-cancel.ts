import type { JobState, OwnedEvent } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface CancelAnswer {
  readonly state: JobState;
  readonly events: readonly OwnedEvent[];
  /** True if it was waiting until now: remove it from Redis. */
  readonly wasQueued: boolean;
  /** The worker to tell, while one runs it. */
  readonly workerId: string | null;
}
export interface CancelBatchAnswer {
  readonly events: readonly OwnedEvent[];
  readonly jobs: readonly {
    readonly jobId: string;
    readonly state: JobState;
    readonly wasQueued: boolean;
    readonly workerId: string | null;
  }[];
}

export declare function requestCancel(
  database: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<CancelAnswer | null>;
export declare function requestCancelBatch(
  database: Database,
  request: { batchId: string; ownerIds: readonly string[] | null },
): Promise<CancelBatchAnswer | null>;
