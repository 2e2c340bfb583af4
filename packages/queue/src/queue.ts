import type { QueueEntry } from "@darkroom/contracts";
import type { Keys } from "./keys.ts";
import type { Redis } from "./redis.ts";

export type { QueueEntry };

export interface TakeRequest {
  readonly backendId: string;
  /** Hash of the backend's `object_info`: its yes/no answers are kept under it. */
  readonly catalogHash: string;
  /** The model loaded there; null if none is known. */
  readonly warmModelKey: string | null;
  /** How many jobs this backend could run are looked at for a warm model. Default 8. */
  readonly lookAhead?: number;
  /** How often a job may be passed over for a warm model before it goes first. Default 3. */
  readonly maxPasses?: number;
}

export type TakeAnswer =
  | { readonly type: "job"; readonly entry: QueueEntry }
  /** Nobody decided yet whether this catalogue can run such a job: `decide`, then take again. Nothing was taken. */
  | { readonly type: "unknown-capability"; readonly capabilityKey: string; readonly jobId: string }
  | { readonly type: "empty" };

/** Who is next. Every method rejects with `QueueUnavailable` when Redis could not be asked. */
export interface Queue {
  /**
   * Adds entries in the order given: to the tail of their lane, or each to its head (so give the newest first).
   * What already waits stays where it is. `EPOCH_MISSING`: Redis was wiped, nothing was added, the rebuild will.
   */
  enqueue(entries: readonly QueueEntry[], options?: { readonly at?: "tail" | "head" }): Promise<"ok" | "EPOCH_MISSING">;
  /** The next job in turn that the backend can run; it has left the queue. */
  take(request: TakeRequest): Promise<TakeAnswer>;
  /** Records whether backends with this catalogue can run jobs with this capability key. */
  decide(answer: {
    readonly catalogHash: string;
    readonly capabilityKey: string;
    readonly able: boolean;
  }): Promise<void>;
  /** Takes jobs out; absent ones are no error. Answers how many were there. */
  remove(jobIds: readonly string[]): Promise<number>;
  /**
   * Jobs → how many start before it (0 is next), exact under turns, as if one backend could run everything.
   * Of all jobs of some owners, or of some jobs; what does not wait is absent.
   */
  positions(
    of: { readonly ownerIds: readonly string[] } | { readonly jobIds: readonly string[] },
  ): Promise<Map<string, number>>;
  /** Makes a waiting job the next of all: head of its owner's `high` lane, its owner at the head of the ring. */
  promote(jobId: string): Promise<boolean>;
  /** Empties the queue; the epoch stays. Answers how many jobs left. */
  clear(): Promise<number>;
  /** After a wipe: fills the queue in the order given and sets the epoch. Does nothing (false) if the epoch is there. */
  rebuild(entries: readonly QueueEntry[], options?: { readonly force?: boolean }): Promise<boolean>;
  /** False after a wipe, until `rebuild`. */
  hasEpoch(): Promise<boolean>;
  /** Those of the given jobs that wait. */
  contains(jobIds: readonly string[]): Promise<Set<string>>;
  /** How many jobs wait. */
  depth(): Promise<number>;
}

export declare function createQueue(redis: Redis, keys: Keys): Queue;
