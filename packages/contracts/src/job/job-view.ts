import type { InputValues } from "../workflow/input-value.ts";
import type { DurableJobEvent, JobEvent, TransientEvent } from "./event.ts";
import { stateAfter } from "./event-kinds.ts";
import type { Failure } from "./failure.ts";
import { isTerminal, type JobPriority, type JobStage, type JobState } from "./job.ts";
import type { MissingOutput, Output } from "./output.ts";
import { retryWaitReason, type SecondsRange } from "./wait.ts";

/** How the progress message begins of a job that is being canceled and that ComfyUI goes on with all the same. */
export const NOT_STOPPED = "Not stopped yet";

/** A job's running progress, the last `job.progressed` boiled down. */
export interface Progress {
  /** Percent, 0–100. */
  readonly percent: number;
  readonly message: string;
  readonly step: number | null;
  readonly steps: number | null;
  readonly nodeTitle: string | null;
  readonly nodesDone: number;
  readonly nodesTotal: number;
}

/** A job as its owner sees it: the answer of `job.byId`, an entry of `job.list`, and a snapshot's `jobs`. */
export interface JobView {
  readonly jobId: string;
  readonly batchId: string | null;
  readonly retryOf: string | null;
  /** The workflow's slug, id, name and the version number that runs. */
  readonly workflow: {
    readonly workflowId: string;
    readonly slug: string;
    readonly name: string;
    readonly version: number;
  };
  /** Raised by one with each durable event. */
  readonly version: number;
  readonly attempt: number;
  readonly state: JobState;
  readonly stage: JobStage | null;
  readonly priority: JobPriority;
  readonly progress: Progress | null;
  /** The current preview's URL, while one is there. */
  readonly previewUrl: string | null;
  /** 0 is next; null when not queued or while Redis is down. */
  readonly position: number | null;
  /** Seconds until a queued job starts, by what is known; else null. */
  readonly waitSeconds: number | null;
  /** Seconds until the job ends, by what is known; else null. */
  readonly etaSeconds: number | null;
  /** A queued job ends between these seconds from now nine times in ten; null when too little is known to say so. */
  readonly etaRangeSeconds: SecondsRange | null;
  /** Why a queued job waits, in words; null when it simply waits its turn. */
  readonly waitReason: string | null;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly outputs: readonly Output[];
  /** Of a succeeded job: the output nodes that made nothing; empty if each made something. */
  readonly missingOutputs: readonly MissingOutput[];
  readonly failure: Failure | null;
  /** Claims so far. */
  readonly attempts: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly backend: string | null;
  /** Seconds by the database's clock; null until known. */
  readonly durations: {
    readonly wait: number | null;
    readonly load: number | null;
    readonly sample: number | null;
    readonly run: number | null;
  };
  /** Of a canceled job: what its run would probably still have taken; null when it had not begun or nobody knows. */
  readonly savedSeconds: number | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** The id of the request that made it, in every log line about it; null for one that came without. */
  readonly requestId: string | null;
  /** Whose it is, where an operator is shown a job of somebody else; absent from one's own. */
  readonly owner?: { readonly ownerId: string; readonly displayName: string | null };
}

const seconds = (from: string | null, to: string): number | null =>
  from === null ? null : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

function applyDurable(view: JobView, event: DurableJobEvent): JobView {
  // One version is one event: whatever is not newer was seen, so a repeated delivery changes nothing.
  if (event.version <= view.version) return view;
  const base: JobView = {
    ...view,
    version: event.version,
    attempt: event.attempt,
    attempts: event.attempt,
    state: stateAfter(event) ?? view.state,
  };
  switch (event.type) {
    case "job.queued":
      return { ...base, position: null, waitSeconds: null, etaRangeSeconds: null };
    case "job.started":
      return {
        ...base,
        backend: event.backend,
        startedAt: event.runStartedAt ?? event.at,
        stage: "preparing",
        progress: null,
        position: null,
        waitSeconds: null,
        etaSeconds: null,
        etaRangeSeconds: null,
        waitReason: null,
        durations: { ...view.durations, wait: seconds(view.createdAt, event.runStartedAt ?? event.at) },
      };
    case "job.staged": {
      const state = view.state === "canceling" ? "canceling" : "running";
      if (view.stage !== "preparing" || event.stage !== "loading") return { ...base, state, stage: event.stage };
      // Its prompt begins to run only now; until then it may have waited behind another.
      const startedAt = event.runStartedAt ?? event.at;
      const wait = seconds(view.createdAt, startedAt);
      return { ...base, state, stage: event.stage, startedAt, durations: { ...view.durations, wait } };
    }
    case "output.created":
      return view.outputs.some((output) => output.outputId === event.output.outputId)
        ? base
        : { ...base, outputs: [...view.outputs, event.output] };
    case "output.removed":
      return { ...base, outputs: view.outputs.filter((output) => output.outputId !== event.outputId) };
    case "output.favorited": {
      const { outputId, favorite } = event;
      return { ...base, outputs: view.outputs.map((o) => (o.outputId === outputId ? { ...o, favorite } : o)) };
    }
    case "job.removed":
      return { ...base, outputs: [] };
    case "job.retried":
      return {
        ...base,
        stage: null,
        progress: null,
        previewUrl: null,
        outputs: [],
        startedAt: null,
        etaSeconds: null,
        waitReason: Date.parse(event.runAfter) > Date.parse(event.at) ? retryWaitReason : null,
      };
    case "job.canceling":
      return { ...base, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
    case "job.succeeded":
    case "job.failed":
    case "job.canceled":
      return {
        ...base,
        stage: null,
        progress: null,
        previewUrl: null,
        position: null,
        waitSeconds: null,
        etaSeconds: null,
        etaRangeSeconds: null,
        waitReason: null,
        finishedAt: event.at,
        outputs: event.type === "job.succeeded" ? (event.outputs ?? base.outputs) : base.outputs,
        failure: event.type === "job.failed" ? event.failure : null,
        missingOutputs: event.type === "job.succeeded" ? (event.missingOutputs ?? []) : [],
        savedSeconds: event.type === "job.canceled" ? (event.savedSeconds ?? null) : null,
        durations: { ...view.durations, run: seconds(view.startedAt, event.at) },
      };
  }
}

function applyTransient(view: JobView, event: TransientEvent): JobView {
  if (isTerminal(view.state) || event.version < view.version || event.attempt < view.attempt) return view;
  switch (event.type) {
    case "job.progressed":
      if (view.progress !== null && event.progress < view.progress.percent) return view;
      return {
        ...view,
        stage: event.stage,
        etaSeconds: event.etaSeconds,
        etaRangeSeconds: null,
        progress: {
          percent: event.progress,
          message: event.message,
          step: event.step,
          steps: event.steps,
          nodeTitle: event.nodeTitle,
          nodesDone: event.nodesDone,
          nodesTotal: event.nodesTotal,
        },
      };
    case "job.previewed":
      return { ...view, previewUrl: event.url };
    case "job.positioned": {
      if (view.state !== "queued") return view;
      const { position, waitSeconds, etaSeconds, etaRangeSeconds = null, waitReason = view.waitReason } = event;
      return { ...view, position, waitSeconds, etaSeconds, etaRangeSeconds, waitReason };
    }
  }
}

/**
 * The view after an event: pure, so the browser, the client and the tests agree.
 * An event of another job, an event already applied and a stale transient leave the view as it is (the same object).
 * After `job.removed` there is no job: whoever keeps views drops this one.
 */
export function applyEvent(view: JobView, event: JobEvent): JobView {
  if (!("jobId" in event) || event.jobId !== view.jobId) return view;
  switch (event.type) {
    case "job.progressed":
    case "job.previewed":
    case "job.positioned":
      return applyTransient(view, event);
    default:
      return applyDurable(view, event);
  }
}
