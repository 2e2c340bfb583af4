import { appRouter, type Context, jobFeed } from "@darkroom/api";
import { DarkroomError, isDurable, isTerminal, stateAfter } from "@darkroom/contracts";
import { keepAnswerAlive } from "../http/keep-alive.ts";
import { readJson } from "../http/read-json.ts";
import type { Exchange, HttpParts } from "./route.ts";

type SubmitInput = Parameters<ReturnType<typeof appRouter.createCaller>["job"]["submit"]>[0];

/** Longer than any job may run with its waiting; a caller who wants to wait longer follows the job instead. */
const MAX_WAIT_MS = 30 * 60_000;

/**
 * `POST /api/generate`: submits the body (the input of `job.submit`) and answers as `job.byId` does when the job has ended,
 * whatever its end: `state` tells. The status 200 and the header `X-Job-Id` are sent at once, white space until the job
 * follows. A caller who leaves loses the answer and not the job.
 *
 * @throws DarkroomError what `job.submit` throws
 */
export async function generate({ request, response, identity, requestId }: Exchange, parts: HttpParts): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const context = parts.createContext(request, identity, { signal: gone.signal, transport: "http", requestId });
  const caller = appRouter.createCaller(context, { signal: gone.signal });
  const { jobId } = await caller.job.submit((await readJson(request)) as SubmitInput);
  if (jobId === null) throw new DarkroomError("INPUT_INVALID", "A dry run makes no picture; use job.submit for it.");
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "x-job-id": jobId }).flushHeaders();
  keepAnswerAlive(response);
  await untilEnded(context, jobId, AbortSignal.any([gone.signal, AbortSignal.timeout(MAX_WAIT_MS)]));
  if (!gone.signal.aborted) response.end(JSON.stringify(await caller.job.byId({ jobId })));
}

/** Follows the job's events until its terminal one, or until the signal. */
async function untilEnded(context: Context, jobId: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const [, { events, jobs = [] }] of jobFeed(context, { jobId }, signal)) {
      const states = [...jobs.map(({ state }) => state), ...events.filter(isDurable).map(stateAfter)];
      if (states.some((state) => state !== null && isTerminal(state))) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
