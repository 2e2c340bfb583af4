import type { Context } from "../context.ts";

/** Logs that a request moved a job, under the request's id. Never what was asked for: prompts are private. */
export function logStep(
  { log, principal, requestId, connectionId }: Context,
  jobId: string,
  step: "job submitted" | "job cancel requested" | "job removed",
): void {
  log.info({ requestId, connectionId, ownerId: principal.ownerId, jobId }, step);
}
