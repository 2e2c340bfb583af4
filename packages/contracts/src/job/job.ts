/**
 * The states of a job. Each comment says who moves the job on.
 * `docs/job-lifecycle.md` draws them.
 */
export const jobStates = [
  /** Waits for a slot. A worker claims it, or its owner cancels it. */
  "queued",
  /** A worker holds its lease. The worker settles it, or maintenance returns it to the queue when the lease expires. */
  "running",
  /** Its owner asked to stop it while it ran. The worker confirms, or maintenance does when the lease expires. */
  "canceling",
  /** Ended with every output stored. Final. */
  "succeeded",
  /** Ended with a failure that its owner can read. Final. */
  "failed",
  /** Stopped by its owner. Final. */
  "canceled",
] as const;

export type JobState = (typeof jobStates)[number];

/** The legal transitions; SQL in `@darkroom/db` guards every write by them. */
export const transitions: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ["running", "canceled", "failed"],
  running: ["queued", "canceling", "succeeded", "failed"],
  canceling: ["canceled", "succeeded"],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** True if a job in `state` will never change again. */
export function isTerminal(state: JobState): boolean {
  return transitions[state].length === 0;
}

/** What a running job is doing. Each attempt enters each stage at most once, in this order. */
export const jobStages = ["preparing", "loading", "sampling", "saving"] as const;
export type JobStage = (typeof jobStages)[number];

/** The order inside one owner's lane. `high` needs the role operator or admin. */
export const jobPriorities = ["high", "normal", "low"] as const;
export type JobPriority = (typeof jobPriorities)[number];
