import type { OwnedEvent, QueueEntry } from "@darkroom/contracts";

/** What one step of maintenance did. Jobs of one owner are changed in one transaction, which is committed by then. */
export interface Repair {
  /** To publish, in this order. */
  readonly events: readonly OwnedEvent[];
  /** Jobs that went back to the queue: push to the head of their lanes, in this order. */
  readonly entries: readonly QueueEntry[];
  /** Waiting jobs whose capability key changed: `queue.remove` them, then push to the head. */
  readonly rekeyed: readonly QueueEntry[];
  /** Waiting jobs that failed here (no capable backend): `queue.remove` them. */
  readonly removed: readonly string[];
}

/** What one tick of maintenance did. */
export interface Maintained extends Repair {
  /** False if another process was ticking: nothing was done. */
  readonly led: boolean;
  /** Whether any job waits or runs; without one there is nothing to look for in the queue either. False unless it led. */
  readonly hasOpenJobs: boolean;
  /** Sessions that were ended because their process had stopped in the middle of a statement. */
  readonly stoppedSessions: number;
}

export const nothing: Repair = { events: [], entries: [], rekeyed: [], removed: [] };
