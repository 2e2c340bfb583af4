import { failureKind, type PromptFailure } from "@darkroom/comfyui";
import {
  backoffMs,
  type Failure,
  type FailureCode,
  plural,
  type Stopped,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { SettledOutcome } from "@darkroom/db";
import { describeRejection } from "./describe-rejection.ts";
import type { Ending } from "./ending.ts";

/** What becomes of the job. `abandoned`: the fence is lost, so there is nothing left to write. */
export type Outcome = SettledOutcome | { readonly type: "abandoned" };

export interface OutcomeContext {
  readonly definition: Pick<WorkflowDefinition, "graph" | "bindings" | "parameters">;
  readonly isCanceling: boolean;
  /** Whether the prompt may have begun to run, so that it could have brought its backend down. */
  readonly mayHaveBegun: boolean;
  /** The job's own failures so far. */
  readonly failures: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What the ending of an attempt means for its job. The one place that decides it; pure. */
export function outcomeOf(ending: Ending, context: OutcomeContext): Outcome {
  if (ending.type === "lease-lost") return { type: "abandoned" };
  if (ending.type === "succeeded") return { type: "succeeded" };
  // Whatever else went wrong while it was being canceled: its owner wants it gone, and it is.
  if (context.isCanceling) return { type: "canceled" };
  switch (ending.type) {
    case "canceled":
      return { type: "canceled" };
    // None of these is the job's doing, so none counts. An unreachable backend is not asked again until it answers.
    case "released":
    case "wedged":
    case "never-began":
    case "outage":
      return { type: "released" };
    case "unreachable":
      return { type: "released", reason: "backend-silent" };
    case "backend-gone":
      return { type: "backend-gone", counts: context.mayHaveBegun };
    case "rejected":
      return failed("PROMPT_REJECTED", describeRejection(ending.refusal, context.definition));
    case "failed":
      return runFailed(ending.failure, context);
    case "interrupted":
      return failed("INTERRUPTED", {
        message: "Somebody interrupted the prompt on ComfyUI itself. Try again.",
        retryable: true,
      });
    case "lost":
      return lost("ComfyUI no longer knows the prompt; it was probably restarted. It runs again.");
    case "stalled": {
      const { stallMs, stopped } = ending;
      return lost(
        `ComfyUI ran the prompt, and it made no progress for ${plural(stallMs / 1000, "second")}. ${stopSentence[stopped]} It runs again.`,
      );
    }
    case "timed-out":
      return failed("TIMEOUT", {
        message: `It ran longer than its limit of ${plural(ending.timeoutSeconds, "second")}. ${stopSentence[ending.stopped]} Try fewer steps or a smaller size.`,
        retryable: true,
      });
    case "input-missing":
      return failed("INPUT_MISSING", {
        message: `The file given for ${labelOf(ending.parameter, context.definition)} is no longer there. Upload it again.`,
        retryable: false,
        field: ending.parameter,
      });
    case "input-too-large":
      return failed("PROMPT_REJECTED", {
        message: `The file given for ${labelOf(ending.parameter, context.definition)} is larger than the ${Math.floor(ending.maxBytes / 1024 ** 2)} MB that ComfyUI takes there. Give a smaller one, or have ComfyUI started with a larger --max-upload-size.`,
        retryable: false,
        field: ending.parameter,
      });
    case "output-invalid":
      return oneRetry(context, "OUTPUT_INVALID", { message: ending.message, retryable: true });
    case "no-output":
      return failed("OUTPUT_INVALID", { message: ending.message, retryable: false });
    case "output-gone":
      return lost("ComfyUI had finished, but the files were gone before they could be stored. It runs again.");
    case "transfer-broken":
      return oneRetry(context, "OUTPUT_INVALID", {
        message: `ComfyUI's file ${ending.filename} was cut short each time it was fetched.`,
        retryable: true,
      });
    case "bug":
      return {
        type: "retry",
        failure: {
          code: "INTERNAL",
          message: "Darkroom failed to run this job. The details are logged.",
          retryable: true,
        },
        delaySeconds: backoffSeconds(context),
        infra: false,
      };
  }
}

function runFailed(failure: PromptFailure, context: OutcomeContext): Outcome {
  const own = firstLine(failure.message) || failure.exceptionType;
  const where = placeOf(failure, context);
  const { nodeTitle } = where;
  switch (failureKind(failure)) {
    case "device-lost":
      return lost("The backend's GPU failed. It runs again, elsewhere if it can.");
    case "disk-full":
      return lost("The backend's disk takes no files. It runs again, elsewhere if it can.");
    case "out-of-memory":
      return oneRetry(context, "OUT_OF_MEMORY", {
        message: `ComfyUI ran out of memory in "${nodeTitle}": ${own}. Try a smaller size or fewer pictures.`,
        retryable: true,
        ...where,
      });
    case "node":
      return failed("NODE_FAILED", {
        message: `"${nodeTitle}" failed in ComfyUI: ${own}`,
        retryable: false,
        ...where,
      });
  }
}

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
