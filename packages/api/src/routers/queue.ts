import type { JobView } from "@darkroom/contracts";
import { listDeadLetters, setPaused } from "@darkroom/db";
import type { Page, QueueStats, Redriven, WaitingView } from "../answers/index.ts";
import { deadLettersInput, jobIdsInput, promoteInput, waitingInput } from "../inputs.ts";
import { discard, redrive } from "../jobs/redrive.ts";
import { promoteJob, waitingJobs } from "../jobs/waiting.ts";
import { wakeWorkers } from "../live/notify.ts";
import { readQueueStats } from "../overview/queue-stats.ts";
import { procedure, router } from "../trpc.ts";

export const queueRouter = router({
  stats: procedure.query(({ ctx }): Promise<QueueStats> => readQueueStats(ctx)),

  pause: procedure.mutation(async ({ ctx }): Promise<{ paused: true }> => {
    await setPaused(ctx.database, true);
    return { paused: true };
  }),

  resume: procedure.mutation(async ({ ctx }): Promise<{ paused: false }> => {
    await setPaused(ctx.database, false);
    await wakeWorkers(ctx);
    return { paused: false };
  }),

  waiting: procedure.input(waitingInput).query(async ({ ctx, input }): Promise<Page<WaitingView>> => {
    return { items: await waitingJobs(ctx, input.limit), nextCursor: null };
  }),

  promote: procedure
    .input(promoteInput)
    .mutation(({ ctx, input }): Promise<{ jobId: string; position: 0 }> => promoteJob(ctx, input.jobId)),

  deadLetters: procedure
    .input(deadLettersInput)
    .query(({ ctx, input }): Promise<Page<JobView>> => listDeadLetters(ctx.database, input)),

  redrive: procedure.input(jobIdsInput).mutation(({ ctx, input }): Promise<Redriven> => redrive(ctx, input.jobIds)),

  discard: procedure
    .input(jobIdsInput)
    .mutation(({ ctx, input }): Promise<{ discarded: number }> => discard(ctx, input.jobIds)),
});
