import { type ComfyClient, PromptDeviceLost, PromptOutOfMemory } from "@darkroom/comfyui";
import { failpoint } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import type { Storage } from "@darkroom/storage";
import type { Announcer } from "../announcer.ts";
import { type Attempt, AttemptCanceled, AttemptReleased, PromptStalled } from "../attempt/attempt.ts";
import { classify, isUnreachable, type Outcome, OutputGone, OutputInvalid } from "../attempt/outcome.ts";
import type { Log } from "../log.ts";
import { createPreviewer } from "../progress/previewer.ts";
import { createProgressReporter } from "../progress/progress-reporter.ts";
import { createRunRecorder } from "../progress/run-recorder.ts";
import type { Settings } from "../settings.ts";
import { collectOutputs } from "./collect-outputs.ts";
import { adoptPrompt, type Dispatched, dispatchPrompt } from "./dispatch-prompt.ts";
import { followPrompt } from "./follow-prompt.ts";
import { uploadInputs } from "./upload-inputs.ts";

export interface RunParts {
  readonly client: ComfyClient;
  readonly database: Database;
  readonly storage: Storage;
  readonly announcer: Announcer;
  readonly settings: Settings;
  readonly log: Log;
}

/** One attempt, from its inputs to its stored outputs. Never throws: whatever happens is an outcome. */
export async function runJob(attempt: Attempt, parts: RunParts): Promise<Outcome> {
  const { client, settings, log } = parts;
  const { job } = attempt;
  const previewer = createPreviewer(attempt, { ...parts, intervalMs: settings.previewIntervalMs });
  const { progressIntervalMs } = settings;
  const recorder = createRunRecorder(job.definition.graph);
  const reporter = createProgressReporter(attempt, { ...parts, previewer, recorder, progressIntervalMs });
  try {
    const prompt = (await adoptPrompt(attempt, client)) ?? (await prepareAndDispatch(attempt, parts));
    log.info(prompt.type === "following" && !prompt.adopted ? "dispatched" : "adopted");
    const timeoutSeconds = job.timeoutSeconds ?? settings.jobTimeoutSeconds;
    const entry =
      prompt.type === "over"
        ? prompt.entry
        : await followPrompt(attempt, {
            client,
            subscription: prompt.subscription,
            listener: prompt.listener,
            reporter,
            runningSeconds: prompt.adopted ? (job.openDispatch?.runningSeconds ?? null) : null,
            settings: { ...settings, timeoutSeconds },
          }).finally(() => prompt.listener?.close());
    await failpoint("follow.ended");
    attempt.run = recorder.record(entry);
    previewer.stop();
    reporter.enter("saving");
    await reporter.flush();
    const isOld = prompt.type === "over" || prompt.adopted;
    await collectOutputs(attempt, entry, { ...parts, adopted: isOld });
    return { type: "succeeded" };
  } catch (error) {
    const { isCanceling } = attempt;
    const { definition, failures } = job;
    // A fault after the abort is only its echo.
    const cause = attempt.signal.aborted ? attempt.signal.reason : error;
    const { blocked } = attempt;
    const outcome = classify(cause, { definition, isCanceling, failures, blocked, random: Math.random });
    attempt.isBackendUnreachable = isUnreachable(cause);
    if (cause instanceof PromptDeviceLost) attempt.isBackendBroken = true;
    if (outcome.type === "retry" && needsFree(cause))
      await client.free({ models: true, memory: true }).catch(() => undefined);
    log.info({ outcome: outcome.type, err: cause }, "the attempt did not succeed");
    return outcome;
  } finally {
    attempt.run ??= recorder.record(null);
    previewer.stop();
    reporter.stop();
    await reporter.flush();
  }
}

async function prepareAndDispatch(attempt: Attempt, parts: RunParts): Promise<Dispatched> {
  stopIfCanceled(attempt);
  const fileNames = await uploadInputs(attempt, parts);
  await failpoint("inputs.uploaded");
  stopIfCanceled(attempt);
  const { leaseSeconds, quietMs, unreachableMs } = parts.settings;
  return await dispatchPrompt(attempt, { ...parts, fileNames, lookPauseMs: quietMs / 2, unreachableMs, leaseSeconds });
}

/**
 * The next try, and everybody else's next job, begins with what memory there is. And a node whose file was lost or damaged is
 * run again: from its cache ComfyUI would name the same file.
 */
const needsFree = (cause: unknown): boolean =>
  cause instanceof PromptOutOfMemory ||
  cause instanceof PromptStalled ||
  cause instanceof OutputInvalid ||
  cause instanceof OutputGone;

/** Nothing is on the backend yet, so a cancel is done at once. */
function stopIfCanceled({ signal, isCanceling, isGivenBack }: Attempt): void {
  signal.throwIfAborted();
  if (isGivenBack) throw new AttemptReleased("before it was dispatched");
  if (isCanceling) throw new AttemptCanceled("before it was dispatched");
}
