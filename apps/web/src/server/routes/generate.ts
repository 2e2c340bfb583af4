import type { IncomingMessage } from "node:http";
import { appRouter, type Context, jobFeed } from "@darkroom/api";
import { DarkroomError, isDurable, isTerminal, type JobView, stateAfter } from "@darkroom/contracts";
import { readJson } from "../http/read-json.ts";

type SubmitInput = Parameters<ReturnType<typeof appRouter.createCaller>["job"]["submit"]>[0];

/** Longer than any job may run with its waiting; a caller who wants to wait longer follows the job instead. */
const MAX_WAIT_MS = 30 * 60_000;

/**
 * `POST /api/generate`: submits the body (the input of `job.submit`) and answers when the job has ended, as `job.byId`
 * does. It follows the job's events. A caller who leaves loses the answer and not the job.
 */
export async function generate(request: IncomingMessage, context: Context, gone: AbortSignal): Promise<JobView> {
  const body = await readJson(request);
  const signal = AbortSignal.any([gone, AbortSignal.timeout(MAX_WAIT_MS)]);
  const caller = appRouter.createCaller(context, { signal });
  const { jobId } = await caller.job.submit(body as SubmitInput);
  if (jobId === null) throw new DarkroomError("INPUT_INVALID", "A dry run makes no picture; use job.submit for it.");
  for await (const [, { events, jobs = [] }] of jobFeed(context, { jobId }, signal)) {
    const states = [...jobs.map(({ state }) => state), ...events.filter(isDurable).map(stateAfter)];
    if (states.some((state) => state !== null && isTerminal(state))) break;
  }
  return caller.job.byId({ jobId });
}
