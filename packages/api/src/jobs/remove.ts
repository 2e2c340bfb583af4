import { DarkroomError } from "@darkroom/contracts";
import { removeJob, removeOutput } from "@darkroom/db";
import { actOnOwnOrOthers } from "../access/audit.ts";
import type { RemovedJob, RemovedJobs, RemovedOutput } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { logStep } from "../live/log-step.ts";
import { afterCommit } from "../live/notify.ts";

/** Removes an ended job with its inputs and outputs, for good. An operator removes anyone's. */
export async function removeEndedJob(ctx: Context, jobId: string): Promise<RemovedJob> {
  const events = await actOnOwnOrOthers(ctx, { action: "job.remove", input: { jobId } }, (ownerIds) =>
    removeJob(ctx.database, { jobId, ownerIds }),
  );
  if (events === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  await afterCommit(ctx, { events });
  logStep(ctx, jobId, "job removed");
  return { jobId, removed: true };
}

/** Removes each of the jobs that can be removed, and says of the others why not. One that is gone already counts as removed. */
export async function removeEndedJobs(ctx: Context, jobIds: readonly string[]): Promise<RemovedJobs> {
  const removed: string[] = [];
  const refused: { jobId: string; message: string }[] = [];
  for (const jobId of new Set(jobIds)) {
    try {
      await removeEndedJob(ctx, jobId);
      removed.push(jobId);
    } catch (error) {
      if (!(error instanceof DarkroomError)) throw error;
      if (error.code === "NOT_FOUND") removed.push(jobId);
      else refused.push({ jobId, message: error.message });
    }
  }
  return { removed, refused };
}

/** Removes one output of an ended job, for good. An operator removes anyone's. */
export async function removeOneOutput(ctx: Context, outputId: string): Promise<RemovedOutput> {
  const events = await actOnOwnOrOthers(ctx, { action: "output.remove", input: { outputId } }, (ownerIds) =>
    removeOutput(ctx.database, { outputId, ownerIds }),
  );
  if (events === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  await afterCommit(ctx, { events });
  return { outputId, removed: true };
}
