import { DarkroomError } from "@darkroom/contracts";
import { discardDeadLetters, jobSource } from "@darkroom/db";
import type { Redriven } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { submitJob } from "./submit-job.ts";

/**
 * A new job for each failed one, with its inputs, seed, workflow version and owner, past every limit: the operator
 * asks, not the owner. Redriving one twice gives the same new job.
 *
 * @throws DarkroomError `NOT_FOUND` if one of them is no failed job; those before it are redriven
 */
export async function redrive(ctx: Context, jobIds: readonly string[]): Promise<Redriven> {
  const jobs: { jobId: string; retryOf: string }[] = [];
  for (const [index, jobId] of jobIds.entries()) {
    const source = await jobSource(ctx.database, { jobId, ownerIds: null });
    if (source?.state !== "failed") {
      throw new DarkroomError("NOT_FOUND", `There is no failed job ${jobId}.`, {
        fields: [{ path: `jobIds.${index}`, message: "is no dead letter" }],
      });
    }
    const request = {
      workflow: source.workflowId,
      version: source.workflowVersion,
      inputs: source.inputs,
      priority: source.priority,
      metadata: source.metadata ?? undefined,
      retryOf: jobId,
      idempotencyKey: `redrive:${jobId}`,
    };
    const answer = await submitJob(onBehalfOf(ctx, source.ownerId), request, { isUnlimited: true });
    if (answer.jobId !== null) jobs.push({ jobId: answer.jobId, retryOf: jobId });
  }
  return { jobs };
}

/** Puts dead letters away; their jobs stay in their owners' histories. Unknown ones are no error. */
export async function discard(ctx: Context, jobIds: readonly string[]): Promise<{ discarded: number }> {
  return { discarded: (await discardDeadLetters(ctx.database, jobIds)).length };
}

function onBehalfOf(ctx: Context, ownerId: string): Context {
  return { ...ctx, addressKey: null, principal: { ...ctx.principal, ownerId, ownerIds: [ownerId] } };
}
