/** From the least to the most, in seconds. */
export type SecondsRange = [low: number, high: number];

/** Why a job waits that failed and is not due yet. */
export const retryWaitReason = "It waits a moment before the next try.";

/** How long a queued job waits, by what is known of the queue and of earlier jobs. */
export interface Wait {
  /** How many jobs start before it; 0 is next. */
  readonly position: number;
  /** Seconds until it starts; null while too little is known of jobs like it, or of what is before it. */
  readonly waitSeconds: number | null;
  /** Seconds until it ends: the wait and the run. */
  readonly etaSeconds: number | null;
  /** Nine times in ten it ends between these seconds from now; null exactly when `etaSeconds` is. */
  readonly etaRangeSeconds: SecondsRange | null;
  /** Why it waits, in words; null when it simply waits its turn; absent when nobody looked. */
  readonly waitReason?: string | null;
}
