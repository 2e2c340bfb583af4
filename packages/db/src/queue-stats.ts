import type { Database } from "./client.ts";

export interface QueueStats {
  readonly paused: boolean;
  readonly waiting: number;
  /** Of the waiting: retries that are not due yet. */
  readonly delayed: number;
  readonly running: number;
  readonly canceling: number;
  /** Ended within the last hour. */
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** Age of the oldest due waiting job; null if none waits. */
  readonly oldestWaitSeconds: number | null;
  /** Median of the jobs that started, and that succeeded, within the last hour. */
  readonly medianWaitSeconds: number | null;
  readonly medianRunSeconds: number | null;
  readonly slots: { readonly held: number; readonly total: number };
  /** Workers that hold a live lease of a slot. */
  readonly workers: number;
}

export declare function queueStats(database: Database): Promise<QueueStats>;
/** Median seconds from claim to success of each workflow's last 20 successes, by workflow id. */
export declare function learnedDurations(database: Database): Promise<Map<string, number>>;
