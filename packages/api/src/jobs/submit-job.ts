import { failpoint } from "@darkroom/contracts";
import { type NewJob, type StoredSubmit, submitJobs } from "@darkroom/db";
import { ownerKindOf } from "../access/owner-kind.ts";
import type { Submitted } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { readForecast } from "../estimates/forecast.ts";
import { waitsOf } from "../live/live-view.ts";
import { logStep } from "../live/log-step.ts";
import { afterCommit } from "../live/notify.ts";
import { dryRun } from "../workflows/check/dry-run.ts";
import { type JobRequest, prepareJob } from "./prepare-job.ts";

/**
 * Takes one job: checked, stored with its event in one transaction, then handed to Redis as well as may be.
 * A repeated idempotency key is answered with the job it made, before any limit.
 */
export async function submitJob(
  ctx: Context,
  request: JobRequest & { dryRun?: boolean | undefined },
  { isUnlimited = false } = {},
): Promise<Submitted> {
  // Finds the workflow, validates the inputs, draws the seed, and refuses what no live backend can run.
  const job = await prepareJob(ctx, request);
  if (request.dryRun === true) {
    const { workflow, version } = request;
    return {
      jobId: null,
      state: null,
      ...unknownWait,
      ...(await dryRun(ctx, { workflow, version, job })),
      dryRun: true,
    };
  }
  // Read while the job is stored: the answer tells how long it waits.
  readForecast(ctx).catch(() => undefined);
  const answer = await insertJobs(ctx, [job], { isUnlimited });
  const [stored] = answer.jobs;
  if (stored === undefined) throw new Error("a submit of one job stored none");
  const { jobId, state } = stored;
  const { workflowId, inputs } = job;
  // Redis answers one connection in the order asked: the place is read after the entry was pushed, without waiting for its answer.
  const [, waits] = await Promise.all([
    tellOfJobs(ctx, answer),
    waitsOf(ctx, state === "queued" ? [{ jobId, workflowId, size: inputs }] : []),
  ]);
  return { jobId, state, ...(waits.get(jobId) ?? unknownWait), remaining: answer.remaining, dryRun: false };
}

const unknownWait = { position: null, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };

/** Stores prepared jobs as one submit of the caller, then tells Redis. */
export async function storeJobs(
  ctx: Context,
  jobs: readonly NewJob[],
  options: { batchId?: string } = {},
): Promise<StoredSubmit> {
  const answer = await insertJobs(ctx, jobs, options);
  await tellOfJobs(ctx, answer);
  return answer;
}

/** `isUnlimited`: no limit refuses or counts it. */
async function insertJobs(
  ctx: Context,
  jobs: readonly NewJob[],
  { batchId, isUnlimited = false }: { batchId?: string; isUnlimited?: boolean },
): Promise<StoredSubmit> {
  const { principal, addressKey, requestId = null } = ctx;
  await failpoint("submit.prepared");
  const answer = await submitJobs(ctx.database, {
    ownerId: principal.ownerId,
    ownerKind: ownerKindOf(principal),
    displayName: principal.displayName,
    addressKey,
    requestId,
    apiKeyId: principal.apiKeyId ?? null,
    limits: isUnlimited ? null : ctx.limitsOf(principal.role),
    jobs,
    ...(batchId === undefined ? {} : { batchId }),
  });
  await failpoint("submit.committed");
  return answer;
}

async function tellOfJobs(ctx: Context, answer: StoredSubmit): Promise<void> {
  // Pushes the jobs into the queue and tells hubs and idle workers. That may fail: maintenance pushes what is missing.
  await afterCommit(ctx, answer);
  for (const { jobId } of answer.jobs) logStep(ctx, jobId, "job submitted");
  await failpoint("submit.told");
}
