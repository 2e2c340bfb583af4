import type { PromptFailure } from "@darkroom/comfyui";
import type { DurableEvent, JobStage, OwnedEvent, Progress, RunRecord, Stopped } from "@darkroom/contracts";
import type { ClaimedJob } from "@darkroom/db";
import type { Log } from "../log.ts";
import { type Bell, createBell } from "../wakeup.ts";

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
  readonly stopped: Stopped;

  constructor(timeoutSeconds: number, stopped: Stopped) {
    super(`ran longer than ${timeoutSeconds} s (${stopped})`);
    this.timeoutSeconds = timeoutSeconds;
    this.stopped = stopped;
  }
}

/** It ran for a long time without a sign of progress, in milliseconds. */
export class PromptStalled extends Error {
  override readonly name = "PromptStalled";
  readonly stopped: Stopped;

  constructor(stallMs: number, stopped: Stopped) {
    super(`made no progress for ${stallMs / 1000} s`);
    this.stopped = stopped;
  }
}

/** ComfyUI answers and begins nothing; the prompt was taken back before it ran. Only a restart of ComfyUI helps. */
export class BackendWedged extends Error {
  override readonly name = "BackendWedged";
}

/** Its prompt waited behind another, and ComfyUI has it no more, without having begun it: whoever is free may run it. */
export class NeverBegan extends Error {
  override readonly name = "NeverBegan";
}

/**
 * One running attempt, shared by the steps that run it and by those who watch over it (heartbeat, cancel, shutdown).
 * It holds facts and signals; it does nothing by itself.
 */
export interface Attempt {
  readonly job: ClaimedJob;
  readonly backendId: string;
  /** Every line names the job and the attempt, and the prompt from its dispatch or adoption on. */
  readonly log: Log;
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
  readonly promptId: string | null;
  /** What ComfyUI said of an output that a node blocked; the run goes on and succeeds all the same. */
  blocked: PromptFailure | null;
  /** The POST, while its answer is awaited although the prompt is known to be there. */
  posting: Promise<unknown> | null;
  /** How it was made to give the prompt up, if it was. */
  stopped: Stopped | null;
  /** True once its end is being written: then the fence of that write says whether the job is still ours. */
  isSettling: boolean;
  /** True once ComfyUI no longer has the prompt waiting or running: then its dispatch is closed. */
  isPromptGone: boolean;
  /** True if the prompt never began and never will: the job is free to run anywhere else. */
  isPromptVoid: boolean;
  /** True if ComfyUI answers and does no good until it is restarted: it begins nothing, or its GPU is lost. */
  isBackendBroken: boolean;
  /** True if ComfyUI did not stop the prompt: nothing else should be sent there until it has. */
  isBackendStuck: boolean;
  /** True if the attempt ended because ComfyUI, or the proxy before it, did not do its part. */
  isBackendUnreachable: boolean;
  /** True while another prompt runs before this one, as far as is known. */
  isBehind: boolean;
  /** True once its prompt was seen to run. */
  hasBegun: boolean;
  /** True once it shall wait behind another prompt no longer. */
  readonly isGivenBack: boolean;
  readonly isCanceling: boolean;
  /** Notes the prompt that it dispatches or adopts. One for each attempt. */
  name(promptId: string): void;
  /** Takes version and stage from events that were committed. */
  record(events: readonly OwnedEvent[]): void;
  cancel(): void;
  /** Takes its prompt back for another backend or worker, unless it begins first. */
  giveBack(): void;
  abort(reason: LeaseLost | AttemptReleased): void;
}

/** A fresh attempt for a claimed job. `log` names the backend already; `onStaged` is called when it is on record that its prompt runs. */
export function createAttempt(
  job: ClaimedJob,
  parts: {
    readonly backendId: string;
    readonly log: Log;
    readonly isBehind?: boolean;
    readonly onStaged?: () => void;
  },
): Attempt {
  const { backendId, isBehind = false, onStaged = () => undefined } = parts;
  const log = parts.log.child({ jobId: job.jobId, attempt: job.attempt });
  const controller = new AbortController();
  const bell = createBell();
  let promptId: string | null = null;
  let version = job.version;
  let stage: JobStage = "preparing";
  let isCanceling = false;
  let isGivenBack = false;

  const follow = (event: DurableEvent): void => {
    if (event.type === "batch.settled" || event.jobId !== job.jobId) return;
    version = Math.max(version, event.version);
    if (event.type === "job.staged") {
      if (stage === "preparing") onStaged();
      stage = event.stage;
    }
    if (event.type === "job.canceling") isCanceling = true;
  };

  return {
    job,
    backendId,
    log,
    signal: controller.signal,
    bell,
    get promptId() {
      return promptId;
    },
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
    blocked: null,
    posting: null,
    stopped: null,
    isSettling: false,
    isPromptGone: false,
    isPromptVoid: false,
    isBackendBroken: false,
    isBackendStuck: false,
    isBackendUnreachable: false,
    isBehind,
    hasBegun: false,
    get isGivenBack() {
      return isGivenBack;
    },
    name: (id) => {
      promptId = id;
      log.setBindings({ promptId: id });
    },
    record: (events) => {
      for (const { event } of events) follow(event);
    },
    cancel: () => {
      isCanceling = true;
      bell.ring();
    },
    giveBack: () => {
      isGivenBack = true;
      bell.ring();
    },
    abort: (reason) => {
      controller.abort(reason);
      bell.ring();
    },
  };
}
