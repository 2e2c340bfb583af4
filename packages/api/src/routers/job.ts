import { DarkroomError, type JobView } from "@darkroom/contracts";
import { jobTimeline, jobView, listJobs } from "@darkroom/db";
import { z } from "zod";
import { eventFor } from "../access/backend-names.ts";
import { seesEveryJob, visibleOwners } from "../access/visibility.ts";
import type {
  CancelAnswer,
  Drift,
  JobViewers,
  Page,
  Provenance,
  RemovedJob,
  RemovedJobs,
  Submitted,
  SubmittedBatch,
  TimelineEntry,
} from "../answers/index.ts";
import {
  cancelInput,
  feedInput,
  idInput,
  jobFeedInput,
  jobListInput,
  removeJobsInput,
  rerunInput,
  retryInput,
  submitBatchInput,
  submitInput,
} from "../inputs.ts";
import { cancelBatch, cancelJob } from "../jobs/cancel-job.ts";
import { driftOf } from "../jobs/drift.ts";
import { provenanceOf } from "../jobs/provenance.ts";
import { removeEndedJob, removeEndedJobs } from "../jobs/remove.ts";
import { rerunJob, retryJob } from "../jobs/repeat-job.ts";
import { submitBatch } from "../jobs/submit-batch.ts";
import { submitJob } from "../jobs/submit-job.ts";
import { jobFeed, ownerFeed } from "../live/feed.ts";
import { livePage, liveView } from "../live/live-view.ts";
import { lookAt } from "../live/look-at.ts";
import { procedure, router } from "../trpc.ts";

const oneJob = z.strictObject({ jobId: idInput });

export const jobRouter = router({
  submit: procedure.input(submitInput).mutation(({ ctx, input }): Promise<Submitted> => submitJob(ctx, input)),

  submitBatch: procedure
    .input(submitBatchInput)
    .mutation(({ ctx, input }): Promise<SubmittedBatch> => submitBatch(ctx, input)),

  byId: procedure.input(oneJob).query(async ({ ctx, input }): Promise<JobView> => {
    const view = await jobView(ctx.database, { jobId: input.jobId, ownerIds: visibleOwners(ctx.principal) });
    if (view === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
    return liveView(ctx, view);
  }),

  list: procedure.input(jobListInput).query(async ({ ctx, input }): Promise<Page<JobView>> => {
    const { all, ...filter } = input;
    if (all === true && !seesEveryJob(ctx.principal)) {
      throw new DarkroomError("FORBIDDEN", "Only operators see everyone's jobs.");
    }
    if (all === true && filter.favorite === true) {
      const fields = [{ path: "favorite", message: "is for one's own jobs: leave out either this or all" }];
      throw new DarkroomError("INPUT_INVALID", "Favorites are listed of one's own jobs only.", { fields });
    }
    const ownerIds = all === true ? null : ctx.principal.ownerIds;
    return livePage(ctx, await listJobs(ctx.database, { ...filter, ownerIds }));
  }),

  timeline: procedure.input(oneJob).query(async ({ ctx, input }): Promise<readonly TimelineEntry[]> => {
    const entries = await jobTimeline(ctx.database, {
      jobId: input.jobId,
      ownerIds: visibleOwners(ctx.principal),
    });
    if (entries === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
    return entries.map((entry) => ({ ...entry, payload: eventFor(ctx.principal, entry.payload) }));
  }),

  provenance: procedure.input(oneJob).query(({ ctx, input }): Promise<Provenance> => provenanceOf(ctx, input.jobId)),

  drift: procedure.input(oneJob).query(({ ctx, input }): Promise<Drift> => driftOf(ctx, input.jobId)),

  look: procedure
    .input(z.strictObject({ jobId: idInput, looks: z.boolean().default(true) }))
    .mutation(({ ctx, input }): Promise<JobViewers> => lookAt(ctx, input)),

  cancel: procedure
    .input(cancelInput)
    .mutation(
      ({ ctx, input }): Promise<CancelAnswer> =>
        "jobId" in input ? cancelJob(ctx, input.jobId) : cancelBatch(ctx, input.batchId),
    ),

  remove: procedure
    .input(removeJobsInput)
    .mutation(
      ({ ctx, input }): Promise<RemovedJob | RemovedJobs> =>
        "jobId" in input ? removeEndedJob(ctx, input.jobId) : removeEndedJobs(ctx, input.jobIds),
    ),

  retry: procedure.input(retryInput).mutation(({ ctx, input }): Promise<Submitted> => retryJob(ctx, input)),

  rerun: procedure.input(rerunInput).mutation(({ ctx, input }): Promise<Submitted> => rerunJob(ctx, input)),

  onEvent: procedure.input(jobFeedInput).subscription(({ ctx, input, signal }) => jobFeed(ctx, input, signal)),

  onFeed: procedure.input(feedInput).subscription(({ ctx, input, signal }) => ownerFeed(ctx, input, signal)),
});
