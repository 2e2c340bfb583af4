import { appRouter, jobFeed } from "@darkroom/api";
import { DarkroomError, isDurable, isTerminal, stateAfter } from "@darkroom/contracts";
import { readJson } from "../http/read-json.ts";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

type SubmitInput = Parameters<ReturnType<typeof appRouter.createCaller>["job"]["submit"]>[0];

/** Longer than any job may run with its waiting; a caller who wants to wait longer follows the job instead. */
const MAX_WAIT_MS = 30 * 60_000;

/**
 * `POST /api/generate`: submits the body (the input of `job.submit`) and answers when the job has ended, as `job.byId`
 * does. It follows the job's events. A caller who leaves loses the answer and not the job.
 */
export async function generate({ request, response, identity }: Exchange, parts: HttpParts): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const context = parts.createContext(request, identity, gone.signal);
  const body = await readJson(request);
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(MAX_WAIT_MS)]);
  const caller = appRouter.createCaller(context, { signal });
  const { jobId } = await caller.job.submit(body as SubmitInput);
  if (jobId === null) throw new DarkroomError("INPUT_INVALID", "A dry run makes no picture; use job.submit for it.");
  for await (const [, { events, jobs = [] }] of jobFeed(context, { jobId }, signal)) {
    const states = [...jobs.map(({ state }) => state), ...events.filter(isDurable).map(stateAfter)];
    if (states.some((state) => state !== null && isTerminal(state))) break;
  }
  replyJson(response, 200, await caller.job.byId({ jobId }));
}
