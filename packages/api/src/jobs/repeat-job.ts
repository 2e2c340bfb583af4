import { DarkroomError, type InputValue, type InputValues, isTerminal, type JobView } from "@darkroom/contracts";
import { jobView } from "@darkroom/db";
import type { Submitted } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { submitJob } from "./submit-job.ts";

/** A new job with the inputs and seed of one that failed or was canceled; the old one stays as it ended. */
export async function retryJob(
  ctx: Context,
  input: { jobId: string; idempotencyKey?: string | undefined },
): Promise<Submitted> {
  const view = await endedJob(ctx, input.jobId);
  if (view.state === "succeeded") {
    throw new DarkroomError("JOB_ENDED", "This job succeeded, so there is nothing to try again. Rerun it instead.");
  }
  return submitAgain(ctx, view, { inputs: view.inputs, idempotencyKey: input.idempotencyKey });
}

/** A new job like an ended one, with some inputs changed; null takes a value away. */
export async function rerunJob(
  ctx: Context,
  input: {
    jobId: string;
    inputs?: Readonly<Record<string, InputValue | null>> | undefined;
    idempotencyKey?: string | undefined;
  },
): Promise<Submitted> {
  const view = await endedJob(ctx, input.jobId);
  const merged = Object.entries({ ...view.inputs, ...input.inputs }).filter(
    (entry): entry is [string, InputValue] => entry[1] !== null && entry[1] !== undefined,
  );
  return submitAgain(ctx, view, { inputs: Object.fromEntries(merged), idempotencyKey: input.idempotencyKey });
}

async function endedJob(ctx: Context, jobId: string): Promise<JobView> {
  // Also for operators only their own: a repeat counts on whoever asks, so it takes what is theirs.
  const view = await jobView(ctx.database, { jobId, ownerIds: ctx.principal.ownerIds });
  if (view === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  if (!isTerminal(view.state)) throw new DarkroomError("JOB_NOT_ENDED", "This job has not ended yet.");
  return view;
}

function submitAgain(
  ctx: Context,
  view: JobView,
  { inputs, idempotencyKey }: { inputs: InputValues; idempotencyKey: string | undefined },
): Promise<Submitted> {
  return submitJob(ctx, {
    workflow: view.workflow.workflowId,
    version: view.workflow.version,
    inputs,
    priority: view.priority === "high" ? "normal" : view.priority,
    metadata: view.metadata ?? undefined,
    retryOf: view.jobId,
    idempotencyKey,
  });
}
