import { DarkroomError, failpoint } from "@darkroom/contracts";
import { type Expect, recentRuns, requestCancel, requestCancelBatch } from "@darkroom/db";
import { actOnOwnOrOthers } from "../access/audit.ts";
import type { CancelAnswer } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { learnRunTimes } from "../estimates/run-model.ts";
import { bestEffort } from "../live/best-effort.ts";
import { logStep } from "../live/log-step.ts";
import { afterCommit } from "../live/notify.ts";

/** Asks a job to stop. Canceling twice is fine; a job that succeeded or failed cannot be canceled any more. */
export async function cancelJob(ctx: Context, jobId: string): Promise<CancelAnswer> {
  const expect = await expectation(ctx);
  const answer = await actOnOwnOrOthers(ctx, { action: "job.cancel", input: { jobId } }, async (ownerIds) => {
    const asked = await requestCancel(ctx.database, { jobId, ownerIds, expect });
    if (asked?.state === "succeeded" || asked?.state === "failed")
      throw new DarkroomError("JOB_ENDED", `This job has ${asked.state} already.`);
    return asked;
  });
  if (answer === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  await failpoint("cancel.committed");
  await tellRedis(ctx, { events: answer.events, jobs: [{ jobId, ...answer }] });
  await failpoint("cancel.told");
  logStep(ctx, jobId, "job cancel requested");
  return { jobs: [{ jobId, state: answer.state }] };
}

/** Asks every open job of a batch to stop; those that ended stay as they are. */
export async function cancelBatch(ctx: Context, batchId: string): Promise<CancelAnswer> {
  const expect = await expectation(ctx);
  const answer = await actOnOwnOrOthers(ctx, { action: "job.cancel", input: { batchId } }, (ownerIds) =>
    requestCancelBatch(ctx.database, { batchId, ownerIds, expect }),
  );
  if (answer === null) throw new DarkroomError("NOT_FOUND", "There is no such batch.");
  await tellRedis(ctx, answer);
  for (const { jobId } of answer.jobs) logStep(ctx, jobId, "job cancel requested");
  return { jobs: answer.jobs.map(({ jobId, state }) => ({ jobId, state })) };
}

/** What the runs that are stopped would have taken. */
async function expectation({ database }: Context): Promise<Expect> {
  const lengthOf = learnRunTimes(await recentRuns(database));
  return (job, backendId) => lengthOf(job, backendId, false)?.seconds ?? null;
}

type Canceled = Pick<NonNullable<Awaited<ReturnType<typeof requestCancelBatch>>>, "events" | "jobs">;

async function tellRedis(ctx: Context, { events, jobs }: Canceled): Promise<void> {
  const removed = jobs.filter(({ wasQueued }) => wasQueued).map(({ jobId }) => jobId);
  await Promise.all([
    afterCommit(ctx, { events, removed }),
    // At once by Redis; the worker's heartbeat would learn of it within three tenths of a lease.
    bestEffort(ctx.log, "cancel", undefined, async () => {
      for (const { jobId, workerId } of jobs) {
        if (workerId !== null) await ctx.publisher.requestCancel(workerId, jobId);
      }
    }),
  ]);
}
