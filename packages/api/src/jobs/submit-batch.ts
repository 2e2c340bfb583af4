import { DarkroomError, type InputValue, type InputValues, isTerminal, newId } from "@darkroom/contracts";
import { jobSource, type NewJob, otherRequest } from "@darkroom/db";
import type { SubmittedBatch } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { MAX_BATCH, type SubmitBatchRequest } from "../inputs.ts";
import { isRepeated } from "./idempotency.ts";
import { type JobRequest, prepareJob } from "./prepare-job.ts";
import { storeJobs } from "./submit-job.ts";

/**
 * Takes many jobs as one submit: all are stored, or none. With an idempotency key, a repeat gives the same jobs. Whoever has
 * more jobs than may wait at once sends them in parts that name the same `batchId`.
 */
export async function submitBatch(ctx: Context, input: SubmitBatchRequest): Promise<SubmittedBatch> {
  if ("items" in input) await assertRepeatable(ctx, input.items);
  const requests = "items" in input ? listed(input) : swept(input);
  await assertNotLonger(ctx, input.idempotencyKey, requests.length);
  const jobs: NewJob[] = [];
  for (const request of requests) jobs.push(await prepareJob(ctx, request));
  const { batchId = newId() } = input;
  const answer = await storeJobs(ctx, jobs, { batchId });
  // A repeat names the batch that it was answered with, or none.
  if (input.batchId !== undefined && answer.jobs.some((job) => job.batchId !== batchId)) throw otherRequest();
  return {
    batchId: answer.jobs[0]?.batchId ?? batchId,
    jobs: answer.jobs.map(({ jobId, state }) => ({ jobId, state })),
    remaining: answer.remaining,
  };
}

/** Only an ended job of one's own can be repeated, in a batch as alone. */
async function assertRepeatable(ctx: Context, items: readonly { readonly retryOf?: string | undefined }[]) {
  for (const [index, { retryOf }] of items.entries()) {
    if (retryOf === undefined) continue;
    const source = await jobSource(ctx.database, { jobId: retryOf, ownerIds: ctx.principal.ownerIds });
    const path = `items.${index}.retryOf`;
    if (source === null)
      throw new DarkroomError("NOT_FOUND", `There is no job ${retryOf}.`, {
        fields: [{ path, message: "is no job of yours" }],
      });
    if (!isTerminal(source.state))
      throw new DarkroomError("JOB_NOT_ENDED", `The job ${retryOf} has not ended yet.`, {
        fields: [{ path, message: "has not ended yet" }],
      });
  }
}

/** Each job may be as it was, and the batch another one: what was asked under this key first had more jobs. */
async function assertNotLonger(ctx: Context, idempotencyKey: string | undefined, count: number): Promise<void> {
  if (idempotencyKey === undefined) return;
  if (await isRepeated(ctx.database, ctx.principal.ownerId, keyOfJob(idempotencyKey, count))) throw otherRequest();
}

const keyOfJob = (idempotencyKey: string, index: number): string => `${idempotencyKey}#${index}`;

/** What every job of the batch shares; one key per job, because a key stands for one job. */
function shared(input: SubmitBatchRequest, index: number): Partial<JobRequest> {
  const { priority, metadata, idempotencyKey } = input;
  return {
    priority,
    metadata,
    idempotencyKey: idempotencyKey === undefined ? undefined : keyOfJob(idempotencyKey, index),
  };
}

function listed(input: Extract<SubmitBatchRequest, { items: unknown }>): JobRequest[] {
  return input.items.map((item, index) => ({
    ...item,
    ...shared(input, index),
    fieldPrefix: `items.${index}.inputs`,
  }));
}

function swept(input: Extract<SubmitBatchRequest, { sweep: unknown }>): JobRequest[] {
  const { workflow, version } = input;
  return combinations(input.inputs, input.sweep).map((inputs, index) => ({
    workflow,
    version,
    inputs,
    ...shared(input, index),
  }));
}

/** Every combination of the sweep's values, the last parameter changing fastest. */
function combinations(inputs: InputValues, sweep: Readonly<Record<string, readonly InputValue[]>>): InputValues[] {
  const total = Object.values(sweep).reduce((product, values) => product * values.length, 1);
  if (total > MAX_BATCH) {
    throw new DarkroomError("INPUT_INVALID", `A batch has at most ${MAX_BATCH} jobs; this sweep has ${total}.`, {
      fields: [{ path: "sweep", message: `gives ${total} jobs, more than ${MAX_BATCH}` }],
    });
  }
  return Object.entries(sweep).reduce<InputValues[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [inputs],
  );
}
