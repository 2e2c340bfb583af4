/** How long a queued job waits, by what is known of the queue and of earlier jobs. */
export interface Wait {
  /** How many jobs start before it; 0 is next. */
  readonly position: number;
  /** Seconds until it starts; null when nothing is known of jobs like it. */
  readonly waitSeconds: number | null;
  /** Seconds until it ends: the wait and the run. */
  readonly etaSeconds: number | null;
}
