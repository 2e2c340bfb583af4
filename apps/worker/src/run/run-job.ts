import type { ComfyClient } from "@darkroom/comfyui";
import { failpoint, type NodeCatalog, type RunRecord, type Stopped } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import type { Storage } from "@darkroom/storage";
import type { NodeLayouts } from "@darkroom/workflow-format";
import type { Logger } from "pino";
import type { Announcer } from "../announcer.ts";
import type { Attempt } from "../attempt/attempt.ts";
import {
  type BackendHealth,
  backendAfter,
  type Ending,
  endingOf,
  errorOf,
  type Finished,
  needsFree,
  stoppedBy,
} from "../attempt/ending.ts";
import { type Outcome, outcomeOf } from "../attempt/outcome.ts";
import type { Phase } from "../attempt/phase.ts";
import { createPreviewer } from "../progress/previewer.ts";
import { createProgressReporter, type ProgressReporter } from "../progress/progress-reporter.ts";
import { createRunRecorder } from "../progress/run-recorder.ts";
import type { Settings } from "../settings.ts";
import type { StorageGate } from "../storage-gate.ts";
import { collectOutputs } from "./collect-outputs.ts";
import { adoptPrompt, type Dispatched, dispatchPrompt } from "./dispatch-prompt.ts";
import { followPrompt } from "./follow-prompt.ts";
import { uploadInputs } from "./upload-inputs.ts";

export interface RunParts {
  readonly client: ComfyClient;
  /** What this backend offers: files are sent as it writes their names. */
  readonly catalog: NodeCatalog;
  /** What its classes put in where a workflow lacks an input that they require. */
  readonly layouts: NodeLayouts;
  readonly database: Database;
  readonly storage: Storage;
  readonly storageGate: StorageGate;
  readonly announcer: Announcer;
  readonly settings: Settings;
  readonly log: Logger;
}

/** Everything that is known of an attempt once it is over: what becomes of the job, of its prompt and of the backend. */
export interface RunReport {
  readonly outcome: Outcome;
  /** What its run took, as far as it was heard; null if nothing was. */
  readonly run: RunRecord | null;
  /** How its prompt was made to end; null if it was not. */
  readonly stopped: Stopped | null;
  /** `open`: ComfyUI may still have it. `gone`: it has not. `void`: it never began, so the job is free to run elsewhere. */
  readonly prompt: "open" | "gone" | "void";
  readonly backend: BackendHealth;
}

/** How a prompt ended: with outputs that are still on ComfyUI (`finished`), or in a way that leaves none. */
export interface EndedRun {
  readonly end: Finished | Ending;
  /** What its run took, as far as it was heard. */
  readonly heard: RunRecord | null;
  readonly reporter: ProgressReporter;
}

/** The part of an attempt that needs its backend's slot: from its inputs to the end of its prompt. Never throws. */
export async function runJob(attempt: Attempt, parts: RunParts): Promise<EndedRun> {
  const { progressIntervalMs, previewIntervalMs } = parts.settings;
  const previewer = createPreviewer(attempt, { ...parts, intervalMs: previewIntervalMs });
  const recorder = createRunRecorder(attempt.job.definition.graph);
  const reporter = createProgressReporter(attempt, { ...parts, previewer, recorder, progressIntervalMs });
  const end = await runPrompt(attempt, parts, reporter).catch(endingOf);
  previewer.stop();
  return { end, heard: recorder.record(end.type === "finished" ? end.entry : null), reporter };
}

/** The rest of an attempt: stores its outputs, if there are any, and decides what it came to. Never throws. */
export async function collectAndReport(
  attempt: Attempt,
  { end, heard, reporter }: EndedRun,
  parts: RunParts,
): Promise<RunReport> {
  const { client, storageGate, log } = parts;
  const { definition, failures } = attempt.job;
  const reached = end.type === "finished" ? await collect(attempt, end, parts, reporter).catch(endingOf) : end;
  reporter.stop();
  await reporter.flush();

  // Once it was told to stop, whatever else goes wrong is only an echo of that.
  const ending = reached.type === "succeeded" ? reached : (attempt.aborted ?? reached);
  const isCanceling = attempt.asked === "cancel";
  const mayHaveBegun = hasBegun(attempt);
  const outcome = outcomeOf(ending, { definition, isCanceling, mayHaveBegun, failures, random: Math.random });
  if (ending.type === "outage") storageGate.failed(ending.error);
  if (outcome.type === "retry" && needsFree(ending))
    await client.free({ models: true, memory: true }).catch(() => undefined);
  if (ending.type !== "succeeded")
    log.info({ outcome: outcome.type, ending, err: errorOf(ending) }, "the attempt did not succeed");
  const missing = reached.type === "succeeded" ? reached.missing : [];
  const run = heard === null || missing.length === 0 ? heard : { ...heard, missingOutputs: missing };
  const stopped = stoppedBy(reached, attempt.phase === "waiting" || attempt.phase === "running");
  return { outcome, run, stopped, prompt: promptOf(attempt.phase), backend: backendAfter(reached) };
}

/** Adopts the prompt or makes a new one, and follows it to its end. */
async function runPrompt(attempt: Attempt, parts: RunParts, reporter: ProgressReporter): Promise<Finished | Ending> {
  const { client, settings, log } = parts;
  const { job } = attempt;
  const prompt = (await adoptPrompt(attempt, client)) ?? (await prepareAndDispatch(attempt, parts));
  if (prompt.type === "finished") log.info("adopted when it was over");
  if (prompt.type !== "dispatched") return prompt;
  const { subscription, listener, posting, adopted } = prompt;
  log.info(adopted ? "adopted" : "dispatched");
  attempt.steps.enter("run");
  return await followPrompt(attempt, {
    client,
    subscription,
    listener,
    posting,
    reporter,
    runningSeconds: adopted ? (job.openDispatch?.runningSeconds ?? null) : null,
    settings: { ...settings, timeoutSeconds: job.definition.timeoutSeconds ?? settings.jobTimeoutSeconds },
  }).finally(() => listener?.close());
}

/** Uploads the inputs; then the graph is compiled with them, written down as sent, and sent. */
async function prepareAndDispatch(attempt: Attempt, parts: RunParts): Promise<Dispatched | Ending> {
  const before = endingBeforeDispatch(attempt);
  if (before !== null) return before;
  const uploaded = await uploadInputs(attempt, parts);
  if (uploaded.type !== "uploaded") return uploaded;
  await failpoint("inputs.uploaded");
  const after = endingBeforeDispatch(attempt);
  if (after !== null) return after;
  const { fileNames } = uploaded;
  const { leaseSeconds, quietMs, unreachableMs } = parts.settings;
  return await dispatchPrompt(attempt, { ...parts, fileNames, lookPauseMs: quietMs / 2, unreachableMs, leaseSeconds });
}

/** Nothing is on the backend yet, so what was asked for is done at once. */
function endingBeforeDispatch({ signal, asked }: Attempt): Ending | null {
  signal.throwIfAborted();
  switch (asked) {
    case "cancel":
      return { type: "canceled", stopped: null };
    case "release":
      return { type: "released", why: "before it was dispatched" };
    case null:
      return null;
  }
}

async function collect(
  attempt: Attempt,
  finished: Finished,
  parts: RunParts,
  reporter: ProgressReporter,
): Promise<Ending> {
  attempt.steps.enter("collect");
  await failpoint("follow.ended");
  const adopted = attempt.promptId === attempt.job.openDispatch?.promptId;
  reporter.enter("saving");
  // The stages are written while the files come: a short run may have left three of them, each a commit. Not so for an adopted
  // prompt: that its files were being stored must be on record before they can bring this worker down (see hasKilledWorkers).
  if (adopted) await reporter.flush();
  return await collectOutputs(attempt, finished, { ...parts, adopted, stagesWritten: reporter.flush });
}

/** False if the prompt was not sent, never arrived, or only waited behind another one, as far as is known. */
function hasBegun({ phase, isBehind }: Attempt): boolean {
  return phase !== "unsent" && phase !== "void" && !isBehind;
}

/** What became of the prompt, as the one who settles the job needs to know it. */
function promptOf(phase: Phase): RunReport["prompt"] {
  switch (phase) {
    case "unsent":
    case "waiting":
    case "running":
      return "open";
    case "over":
      return "gone";
    case "void":
      return "void";
  }
}
