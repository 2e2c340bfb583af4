import {
  ComfyProtocolError,
  ComfyUnreachable,
  PromptDeviceLost,
  PromptFailed,
  type PromptFailure,
  PromptInterrupted,
  PromptLost,
  PromptOutOfMemory,
  PromptRejected,
  TransferBroken,
} from "@darkroom/comfyui";
import { backoffMs, type Failure, type FailureCode, type Stopped, type WorkflowDefinition } from "@darkroom/contracts";
import { isTransient, type SettledOutcome } from "@darkroom/db";
import { StorageUnavailable } from "@darkroom/storage";
import {
  AttemptCanceled,
  AttemptReleased,
  AttemptTimedOut,
  BackendWedged,
  LeaseLost,
  NeverBegan,
  PromptStalled,
} from "./attempt.ts";
import { describeRejection } from "./describe-rejection.ts";

/** How an attempt ended. `abandoned`: the fence is lost, so there is nothing left to write. */
export type Outcome = SettledOutcome | { readonly type: "abandoned" };

/** An uploaded or earlier picture that the job needs is no longer there. */
export class InputMissing extends Error {
  override readonly name = "InputMissing";
  readonly parameter: string;

  constructor(parameter: string) {
    super(`the file for ${parameter} is no longer there`);
    this.parameter = parameter;
  }
}

/** ComfyUI reported success, but an output is missing, empty or unreadable; the message says which and why. */
export class OutputInvalid extends Error {
  override readonly name = "OutputInvalid";
}

/** An adopted prompt's file was deleted before it could be fetched: running it again is the only way. */
export class OutputGone extends Error {
  override readonly name = "OutputGone";
}

export interface OutcomeContext {
  readonly definition: Pick<WorkflowDefinition, "graph" | "bindings" | "parameters">;
  readonly isCanceling: boolean;
  /** The job's own failures so far. */
  readonly failures: number;
  /** What a node said when it blocked an output; null if none did. */
  readonly blocked: PromptFailure | null;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** The one place that turns what an attempt threw into how it ended. Pure. */
export function classify(error: unknown, context: OutcomeContext): Outcome {
  if (error instanceof LeaseLost) return { type: "abandoned" };
  // Whatever else went wrong while it was being canceled: its owner wants it gone, and it is.
  if (context.isCanceling || error instanceof AttemptCanceled) return { type: "canceled" };
  if (error instanceof OutputInvalid) return outputInvalid(error, context);
  if (error instanceof TransferBroken)
    return oneRetry(context, "OUTPUT_INVALID", {
      message: `ComfyUI's file ${error.filename} was cut short each time it was fetched.`,
      retryable: true,
    });
  // Outages of ours and of the network count nothing. An unreachable backend is not asked again until it answers.
  if (error instanceof AttemptReleased || error instanceof BackendWedged || error instanceof NeverBegan)
    return { type: "released" };
  if (isOurOutage(error)) return { type: "released" };

  if (error instanceof PromptRejected) return failed("PROMPT_REJECTED", describeRejection(error, context.definition));
  if (error instanceof PromptDeviceLost) return lost("The backend's GPU failed. It runs again, elsewhere if it can.");
  if (error instanceof PromptFailed) return promptFailed(error, context);
  if (error instanceof PromptInterrupted)
    return failed("INTERRUPTED", {
      message: "Somebody interrupted the prompt on ComfyUI itself. Try again.",
      retryable: true,
    });
  if (error instanceof PromptLost)
    return lost("ComfyUI no longer knows the prompt; it was probably restarted. It runs again.");
  if (error instanceof PromptStalled)
    return lost(`ComfyUI ran the prompt, and it ${error.message}. ${stopSentence[error.stopped]} It runs again.`);
  if (error instanceof OutputGone)
    return lost("ComfyUI had finished, but the files were gone before they could be stored. It runs again.");
  if (error instanceof InputMissing)
    return failed("INPUT_MISSING", {
      message: `The picture given for ${labelOf(error.parameter, context.definition)} is no longer there. Upload it again.`,
      retryable: false,
      field: error.parameter,
    });
  if (error instanceof AttemptTimedOut)
    return failed("TIMEOUT", {
      message: `It ran longer than its limit of ${error.timeoutSeconds} seconds. ${stopSentence[error.stopped]} Try fewer steps or a smaller size.`,
      retryable: true,
    });
  return {
    type: "retry",
    failure: { code: "INTERNAL", message: "Darkroom failed to run this job. The details are logged.", retryable: true },
    delaySeconds: backoffSeconds(context),
    infra: false,
  };
}

function outputInvalid({ message }: OutputInvalid, context: OutcomeContext): Outcome {
  const { blocked } = context;
  // A node refused to hand its output on, and would again.
  if (blocked !== null) return nodeFailed(blocked, `${message} ${firstLine(blocked.message)}.`, context);
  return oneRetry(context, "OUTPUT_INVALID", { message, retryable: true });
}

function promptFailed(error: PromptFailed, context: OutcomeContext): Outcome {
  const { failure } = error;
  const own = firstLine(failure.message) || failure.exceptionType;
  const where = placeOf(failure, context);
  const { nodeTitle } = where;
  if (error instanceof PromptOutOfMemory)
    return oneRetry(context, "OUT_OF_MEMORY", {
      message: `ComfyUI ran out of memory in "${nodeTitle}": ${own}. Try a smaller size or fewer pictures.`,
      retryable: true,
      ...where,
    });
  return nodeFailed(failure, `"${nodeTitle}" failed in ComfyUI: ${own}`, context);
}

const nodeFailed = (failure: PromptFailure, message: string, context: OutcomeContext): Outcome =>
  failed("NODE_FAILED", { message, retryable: false, ...placeOf(failure, context) });

/** The node to blame, in the words of the workflow. */
function placeOf({ nodeId, nodeType }: PromptFailure, { definition }: OutcomeContext) {
  const nodeTitle = titleOf(definition, nodeId) ?? nodeType ?? "A node";
  return { ...(nodeId === null ? {} : { nodeId }), nodeTitle };
}

/** What is told of a prompt that had to be stopped. */
const stopSentence: Readonly<Record<Stopped, string>> = {
  removed: "It was stopped.",
  interrupted: "It was stopped.",
  freed: "It was stopped once ComfyUI had been told to free its memory.",
  stuck: "ComfyUI did not stop it, so that server gets nothing else until it has.",
  unreachable: "Its server does not answer any more.",
};

/** ComfyUI, the proxy before it, Postgres or the storage could not do their part just now. */
export function isOurOutage(error: unknown): boolean {
  if (isUnreachable(error) || isDiskFull(error) || error instanceof StorageUnavailable) return true;
  // What ComfyUI's sockets threw comes as ComfyUnreachable, so any other broken connection is one of ours.
  return isTransient(error);
}

/** True if ComfyUI, or the proxy before it, could not answer just now. A 500 is its answer, and often our fault. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ComfyUnreachable) return true;
  return error instanceof ComfyProtocolError && error.status !== null && error.status > 500;
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");

type FailureFacts = Omit<Failure, "code">;

const failed = (code: FailureCode, facts: FailureFacts): Outcome => ({ type: "failed", failure: { code, ...facts } });

/** Not the job's fault: counted in the budget that ends in POISON. */
const lost = (message: string): Outcome => ({
  type: "retry",
  failure: { code: "POISON", message, retryable: true },
  delaySeconds: 0,
  infra: true,
});

/** Worth a second try, and a third would only burn the same time again. */
function oneRetry(context: OutcomeContext, code: FailureCode, facts: FailureFacts): Outcome {
  if (context.failures > 0) return failed(code, facts);
  return { type: "retry", failure: { code, ...facts }, delaySeconds: backoffSeconds(context), infra: false };
}

/** Up to 2, 4, 8 … 60 s. */
const backoffSeconds = ({ failures, random }: OutcomeContext): number =>
  backoffMs(failures, { firstMs: 2000, maxMs: 60_000, random }) / 1000;

const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "").slice(0, 500);

/** A node's title; a node inside an expanded subgraph (`2.0.0.1`) has that of the node people placed. */
function titleOf({ graph }: Pick<WorkflowDefinition, "graph">, nodeId: string | null): string | undefined {
  if (nodeId === null) return undefined;
  const node = graph[nodeId] ?? graph[nodeId.split(".")[0] ?? ""];
  return node?._meta?.title;
}

/** What people call a parameter. */
function labelOf(parameter: string, definition: Pick<WorkflowDefinition, "parameters">): string {
  return definition.parameters.find(({ name }) => name === parameter)?.label ?? parameter;
}
