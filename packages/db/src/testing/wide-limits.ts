import type { SubmitLimits } from "../jobs/submit-limits.ts";

/** Nobody is refused, and everything is counted. */
export const wideLimits: SubmitLimits = {
  submitsPerMinute: 1_000_000,
  generationsPerHour: 1_000_000,
  maxWaitingPerOwner: 1_000_000,
  maxWaiting: 1_000_000,
  storedBytesPerOwner: null,
};
