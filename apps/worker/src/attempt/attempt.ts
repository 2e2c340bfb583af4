import {
  type DurableEvent,
  isCustom,
  type JobStage,
  type OwnedEvent,
  type Progress,
  type Tracer,
} from "@darkroom/contracts";
import type { ClaimedJob } from "@darkroom/db";
import type { Logger } from "pino";
import { createWakeup, type Wakeup } from "../wakeup.ts";
import type { Abort } from "./ending.ts";
import { advancePhase, type Phase } from "./phase.ts";
import { createSteps, type Steps } from "./steps.ts";

/** `cancel`: its owner wants it gone. `release`: its prompt shall be withdrawn for another backend or worker, unless it began. */
export type StopRequest = "cancel" | "release";

/**
 * One running attempt, shared by the steps that run it and by those that watch over it (heartbeat, cancel, shutdown).
 * It holds facts and signals and does nothing by itself. How it ended is no part of it: `collectAndReport` returns that.
 */
export interface Attempt {
  readonly job: ClaimedJob;
  readonly backendId: string;
  /** Every line names the job and the attempt, and the prompt from its dispatch or adoption on. */
  readonly log: Logger;
  /** What of its time went into what, from the queue on. */
  readonly steps: Steps;
  /** Aborted by {@link Attempt.abort}; `aborted` says why. */
  readonly signal: AbortSignal;
  readonly aborted: Abort | null;
  /** Notified of a request or an abort, so that nobody has to poll for one. */
  readonly wakeup: Wakeup;
  /** The version after the last durable event that is known here; transient events carry it. */
  readonly version: number;
  readonly stage: JobStage;
  /** ComfyUI's id of the prompt that this attempt dispatched or adopted; null while it is `unsent`. */
  readonly promptId: string | null;
  readonly phase: Phase;
  /** True while another prompt is to run before this one, as far as is known; false for good once it was seen to run. */
  readonly isBehind: boolean;
  /** What it was asked to do. A cancel replaces a release, never the other way round. */
  readonly asked: StopRequest | null;
  /** The last progress, stored by the next heartbeat. */
  readonly progress: Progress | null;
  /** Seconds until it ends, by what is known now; null when nothing is. */
  readonly etaSeconds: number | null;
  /** The first estimate of what is left of the run, and when it was made (`performance.now()`). */
  readonly promise: { readonly at: number; readonly seconds: number } | null;
  /** True once its end is being written: the fence of that write says whether the job is still ours, not the heartbeat. */
  readonly isSettling: boolean;
  /** Notes the prompt that it dispatches or adopts, which waits from here on. Once for each attempt. */
  name(promptId: string): void;
  /** Throws on an illegal step; see {@link Phase}. */
  advance(to: "running" | "over" | "void"): void;
  /** Notes whether another prompt is to run before this one. Says nothing of a prompt that has begun. */
  queued(isBehind: boolean): void;
  progressed(progress: Progress, etaSeconds: number | null): void;
  /** Takes version and stage from events that were committed. */
  record(events: readonly OwnedEvent[]): void;
  /**
   * `version`: the job's since it was asked, where that is known. Before it is, transient events carry the version from before
   * the cancel, and the hubs drop them.
   */
  ask(request: StopRequest, version?: number): void;
  /** Stops the steps that run it, as soon as they look at the signal. */
  abort(reason: Abort): void;
  settling(): void;
}

/** A fresh attempt for a claimed job. `log` names the backend already; `onBegun` is called when its prompt is seen to run. */
export function createAttempt(
  job: ClaimedJob,
  parts: {
    readonly backendId: string;
    readonly log: Logger;
    readonly isBehind?: boolean;
    readonly tracer?: Tracer;
    readonly onBegun?: () => void;
  },
): Attempt {
  const { backendId, isBehind = false, tracer, onBegun = () => undefined } = parts;
  const log = parts.log.child({ requestId: job.requestId, jobId: job.jobId, attempt: job.attempt });
  const controller = new AbortController();
  const queued = { name: "queue", startMs: Date.parse(job.queuedAt) } as const;
  const steps = createSteps(queued, (step) => {
    log.debug({ step: step.name, ms: step.endMs - step.startMs }, "step ended");
    const { jobId, attempt: number } = job;
    tracer?.step(job.requestId ?? jobId, { ...step, facts: { jobId, attempt: number, backend: backendId } });
  });

  function advance(to: Phase): void {
    attempt.phase = advancePhase(attempt.phase, to);
    if (to !== "running") return;
    attempt.isBehind = false;
    onBegun();
  }

  function follow(event: DurableEvent): void {
    if (!("jobId" in event) || event.jobId !== job.jobId) return;
    attempt.version = Math.max(attempt.version, event.version);
    if (event.type === "job.canceling") attempt.asked = "cancel";
    if (event.type === "job.staged") attempt.stage = event.stage;
  }

  // Written here only: everybody else sees it through its interface, which is read-only.
  const attempt: Writable<Attempt> = {
    job,
    backendId,
    log,
    steps,
    signal: controller.signal,
    aborted: null,
    wakeup: createWakeup(),
    version: job.version,
    stage: "preparing",
    promptId: null,
    phase: "unsent",
    isBehind,
    asked: null,
    progress: null,
    etaSeconds: null,
    promise: null,
    isSettling: false,
    name: (promptId) => {
      advance("waiting");
      attempt.promptId = promptId;
      log.setBindings({ promptId });
    },
    advance,
    queued: (value) => {
      if (attempt.phase === "waiting") attempt.isBehind = value;
    },
    progressed: (progress, etaSeconds) => {
      attempt.progress = progress;
      attempt.etaSeconds = etaSeconds;
      if (etaSeconds !== null) attempt.promise ??= { at: performance.now(), seconds: etaSeconds };
    },
    record: (events) => {
      for (const { event } of events) if (!isCustom(event)) follow(event);
    },
    ask: (request, version = 0) => {
      attempt.version = Math.max(attempt.version, version);
      if (attempt.asked !== "cancel") attempt.asked = request;
      attempt.wakeup.notify();
    },
    abort: (reason) => {
      attempt.aborted ??= reason;
      controller.abort();
      attempt.wakeup.notify();
    },
    settling: () => {
      attempt.isSettling = true;
    },
  };
  return attempt;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
