import * as z from "zod";

/**
 * Why a job failed, as data. The codes are stable: clients may switch on them.
 *
 * - `PROMPT_REJECTED`: ComfyUI refused the prompt; `field` names the parameter when one is to blame.
 * - `NODE_FAILED`: a node raised an exception while it ran.
 * - `OUT_OF_MEMORY`: the backend ran out of GPU memory.
 * - `OUTPUT_INVALID`: ComfyUI reported success but an output is missing, empty or unreadable.
 * - `TIMEOUT`: it ran longer than its limit, counted from `execution_start`.
 * - `POISON`: the dispatched prompt was lost three times for reasons that were not the job's own.
 * - `NO_CAPABLE_BACKEND`: no live backend has the nodes or models that it needs.
 * - `INPUT_MISSING`: an uploaded input is no longer there.
 * - `INTERRUPTED`: somebody interrupted the prompt on the backend itself.
 * - `INTERNAL`: a fault of ours.
 */
export const failureCodes = [
  "PROMPT_REJECTED",
  "NODE_FAILED",
  "OUT_OF_MEMORY",
  "OUTPUT_INVALID",
  "TIMEOUT",
  "POISON",
  "NO_CAPABLE_BACKEND",
  "INPUT_MISSING",
  "INTERRUPTED",
  "INTERNAL",
] as const;

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  /** One or two sentences for the person who asked: what happened and what to do next. */
  message: z.string(),
  /** True if the same request may succeed later without a change. */
  retryable: z.boolean(),
  /** ComfyUI's node id and title, when one node is to blame. */
  nodeId: z.string().optional(),
  nodeTitle: z.string().optional(),
  /** The workflow parameter concerned, when it can be told. */
  field: z.string().optional(),
});

export type FailureCode = (typeof failureCodes)[number];
export type Failure = z.infer<typeof failureSchema>;
