import type { JobState } from "./job.ts";
import type { JobView } from "./job-view.ts";
import type { Output } from "./output.ts";

/** The usual names of states, each beside ours. */
export const usualStates = {
  queued: "queued",
  running: "processing",
  canceling: "canceling",
  succeeded: "completed",
  failed: "failed",
  canceled: "canceled",
} as const satisfies Readonly<Record<JobState, string>>;

/** How a job stands, in the one flat shape that simple clients know. */
export interface PlainProgress {
  readonly type: "progress";
  readonly jobId: string;
  readonly userId: string;
  readonly status: (typeof usualStates)[JobState];
  /** Percent, 0–100. */
  readonly progress: number;
  readonly stage: JobState | "preparing" | "loading" | "sampling" | "saving";
  readonly message: string;
  /** Seconds; null when nothing is known. */
  readonly estimatedRemaining: number | null;
  readonly outputs: readonly Output[];
  /** ISO 8601. */
  readonly timestamp: string;
}

/** A job's view as a plain progress message. */
export function plainProgress(
  view: JobView,
  { userId, at }: { readonly userId: string; readonly at: string },
): PlainProgress {
  return {
    type: "progress",
    jobId: view.jobId,
    userId,
    status: usualStates[view.state],
    progress: view.state === "succeeded" ? 100 : (view.progress?.percent ?? 0),
    stage: view.stage ?? view.state,
    message: messageOf(view),
    estimatedRemaining: view.etaSeconds,
    outputs: view.outputs,
    timestamp: at,
  };
}

function messageOf({ state, stage, position, progress, failure }: JobView): string {
  if (state === "failed") return failure?.message ?? "Failed";
  if (state === "queued" && position !== null)
    return position === 0 ? "Next in the queue" : `${position} jobs before it`;
  if (progress !== null) return progress.message;
  const word = stage ?? state;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
