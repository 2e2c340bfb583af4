/**
 * For how long a run has given no sign of itself. Time without a socket that hears the run proves nothing, so the timer is
 * paused then. Immutable; times are milliseconds of any steady clock.
 */
export interface StallTimer {
  /** Counted before it was last paused. */
  readonly beforeMs: number;
  /** Null while it is paused. */
  readonly runningSince: number | null;
}

/** Paused until the first sign, or until a socket hears the run. */
export const newStallTimer: StallTimer = { beforeMs: 0, runningSince: null };

/** After a sign of the run, which a socket heard. */
export const reset = (at: number): StallTimer => ({ beforeMs: 0, runningSince: at });

/** No socket hears the run from here on. */
export const pause = (timer: StallTimer, at: number): StallTimer => ({
  beforeMs: elapsedMs(timer, at),
  runningSince: null,
});

/** A socket hears the run again; what was counted before stays. */
export const resume = (timer: StallTimer, at: number): StallTimer => ({
  ...timer,
  runningSince: timer.runningSince ?? at,
});

export const elapsedMs = ({ beforeMs, runningSince }: StallTimer, at: number): number =>
  beforeMs + (runningSince === null ? 0 : at - runningSince);
