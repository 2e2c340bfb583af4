import type { OwnedEvent, QueueEntry } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface Maintained {
  /** False if another process was ticking: nothing was done. */
  readonly led: boolean;
  readonly events: readonly OwnedEvent[];
  /** Jobs that went back to the queue: push to the head of their lanes, in this order. */
  readonly entries: readonly QueueEntry[];
  /** Waiting jobs whose capability key changed: `queue.remove` them, then push to the head. */
  readonly rekeyed: readonly QueueEntry[];
  /** Waiting jobs that failed here (no capable backend): `queue.remove` them. */
  readonly removed: readonly string[];
}

export declare function maintain(
  database: Database,
  settings: { leaseSeconds: number; jobTimeoutSeconds: number },
): Promise<Maintained>;
