import type { DurableEvent, JobStage, OwnedEvent, Progress, RunRecord } from "@darkroom/contracts";
import type { ClaimedJob } from "@darkroom/db";
import { type Bell, createBell } from "./bell.ts";

/** The fence matched nothing: another worker has the job now, or it ended. Stop, and write nothing more. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** This worker gives the job back unharmed; its prompt goes on and whoever takes the job next adopts it. */
export class AttemptReleased extends Error {
  override readonly name = "AttemptReleased";
}

/** The owner canceled, and nothing of the job is left on the backend. */
export class AttemptCanceled extends Error {
  override readonly name = "AttemptCanceled";
}

/** It ran longer than its limit, in seconds. */
export class AttemptTimedOut extends Error {
  override readonly name = "AttemptTimedOut";
  readonly timeoutSeconds: number;

  constructor(timeoutSeconds: number) {
    super(`ran longer than ${timeoutSeconds} s`);
    this.timeoutSeconds = timeoutSeconds;
  }
}

/** It ran for a long time without a sign of progress, in milliseconds, and was stopped. */
export class PromptStalled extends Error {
  override readonly name = "PromptStalled";

  constructor(stallMs: number) {
    super(`made no progress for ${stallMs / 1000} s`);
  }
}

/** ComfyUI answers and begins nothing; the prompt was taken back before it ran. Only a restart of ComfyUI helps. */
export class BackendWedged extends Error {
  override readonly name = "BackendWedged";
}

/**
 * One running attempt, shared by the steps that run it and by those who watch over it (heartbeat, cancel, shutdown).
 * It holds facts and signals; it does nothing by itself.
 */
export interface Attempt {
  readonly job: ClaimedJob;
  readonly backendId: string;
  /** Aborted with {@link LeaseLost} or {@link AttemptReleased}. */
  readonly signal: AbortSignal;
  /** Rings when a cancel or an abort arrives, so that nobody has to poll for it. */
  readonly bell: Bell;
  /** The version after the last durable event of ours; transient events carry it. */
  readonly version: number;
  readonly stage: JobStage;
  /** The last progress, stored by the next heartbeat. */
  progress: Progress | null;
  /** Seconds until it ends, by what is known now; null when nothing is. */
  etaSeconds: number | null;
  /** What is known of its run once that is over; stored when the attempt is settled. */
  run: RunRecord | null;
  /** ComfyUI's id of the prompt that this attempt dispatched or adopted. */
  promptId: string | null;
  /** True once its end is being written: then the fence of that write says whether the job is still ours. */
  isSettling: boolean;
  /** True once ComfyUI no longer has the prompt waiting or running: then its dispatch is closed. */
  isPromptGone: boolean;
  /** True if ComfyUI never began the prompt, which was deleted: the job is free to run anywhere else. */
  isBackendWedged: boolean;
  readonly isCanceling: boolean;
  /** Takes version and stage from events that were committed. */
  record(events: readonly OwnedEvent[]): void;
  cancel(): void;
  abort(reason: LeaseLost | AttemptReleased): void;
}

/** A fresh attempt for a claimed job. */
export function createAttempt(job: ClaimedJob, backendId: string): Attempt {
  const controller = new AbortController();
  const bell = createBell();
  let version = job.version;
  let stage: JobStage = "preparing";
  let isCanceling = false;

  const follow = (event: DurableEvent): void => {
    if (event.type === "batch.settled" || event.jobId !== job.jobId) return;
    version = Math.max(version, event.version);
    if (event.type === "job.staged") stage = event.stage;
    if (event.type === "job.canceling") isCanceling = true;
  };

  return {
    job,
    backendId,
    signal: controller.signal,
    bell,
    get version() {
      return version;
    },
    get stage() {
      return stage;
    },
    get isCanceling() {
      return isCanceling;
    },
    progress: null,
    etaSeconds: null,
    run: null,
    promptId: null,
    isSettling: false,
    isPromptGone: false,
    isBackendWedged: false,
    record: (events) => {
      for (const { event } of events) follow(event);
    },
    cancel: () => {
      isCanceling = true;
      bell.ring();
    },
    abort: (reason) => {
      controller.abort(reason);
      bell.ring();
    },
  };
}
