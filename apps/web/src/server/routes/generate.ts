import { pipeline } from "node:stream/promises";
import { appRouter, type Context, findOperation, jobFeed, readInput, type SubmitInput } from "@darkroom/api";
import { DarkroomError, isDurable, isTerminal, type JobView, stateAfter } from "@darkroom/contracts";
import { outputFile } from "@darkroom/db";
import { acceptedTypes, isInRange } from "../http/accepted-types.ts";
import { keepAnswerAlive } from "../http/keep-alive.ts";
import { readJson } from "../http/read-json.ts";
import { countConnection } from "./open-stream.ts";
import { idempotencyKeyOf, withLimits } from "./rest.ts";
import type { Exchange, HttpParts } from "./route.ts";
import { sendStored } from "./send-stored.ts";

/** Longer than any job may run with its waiting; a caller who wants to wait longer follows the job instead. */
const MAX_WAIT_MS = 30 * 60_000;
/** The most bytes of files that are put into an answer, a third less than the text that they become. */
const MAX_EMBEDDED_BYTES = 32 * 1024 ** 2;

/** What the caller wants: the job, the job with its files in it, or the first file itself. */
type Wanted = "job" | "base64" | "file";

/**
 * `POST /api/generate` and `POST /api/v1/generate`: submits the body (the input of `job.submit`) and answers when the job has
 * ended. A caller who leaves loses the answer and not the job.
 *
 * - As JSON: the job as `job.byId` answers it, whatever its end: `state` tells. The status 200 and the header `X-Job-Id` are
 *   sent at once, white space until the job follows. `?outputs=base64` adds `dataUrl` to its outputs.
 * - With `Accept: image/*` (or `video/*`, `audio/*`): the job's first file of such a type, or else its first. Nothing is sent
 *   before the end, so that the status can tell how it ended.
 *
 * @throws DarkroomError what `job.submit` throws; `JOB_FAILED`, `JOB_CANCELED`; `RATE_LIMITED` for too many that wait
 */
export async function generate(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, identity, requestId } = exchange;
  const wanted = wantedOf(exchange);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // A wait is no work in flight: it is counted, and ended with what it was asked with, as an event stream is.
  const { connectionId } = await countConnection(exchange, parts, { resumes: false });
  const context = parts.createContext(request, identity, {
    ...{ signal: gone.signal, transport: "http", requestId, connectionId },
    enter: () => parts.inFlight(identity.principal, parts.addressGroupOf(request)),
  });
  const caller = appRouter.createCaller(context, { signal: gone.signal });
  const input = submitInputOf(await readJson(request), idempotencyKeyOf(exchange));
  if (input.dryRun === true) {
    const fields = [{ path: "dryRun", message: "must be left out here: use POST /api/v1/jobs for it" }];
    throw new DarkroomError("INPUT_INVALID", "A dry run makes no picture.", { fields });
  }
  const { jobId } = await withLimits(exchange, context, () => caller.job.submit(input));
  if (jobId === null) throw new Error("a submit made no job");
  response.setHeader("x-job-id", jobId);
  let begin = () => {};
  if (wanted !== "file") {
    // Nginx would hold back the white space, and whatever stands before it would take the answer for a silent one.
    const headers = { "content-type": "application/json; charset=utf-8", "x-accel-buffering": "no" };
    response.writeHead(200, headers).flushHeaders();
    begin = keepAnswerAlive(response);
  }
  await untilEnded(context, jobId, AbortSignal.any([gone.signal, AbortSignal.timeout(MAX_WAIT_MS)]));
  if (gone.signal.aborted) return;
  const job = await caller.job.byId({ jobId });
  begin();
  switch (wanted) {
    case "job":
      return void response.end(JSON.stringify(job));
    case "base64":
      return pipeline(embedded(job, parts), response);
    case "file":
      return sendFirst(exchange, job, parts);
  }
}

/** The body as the input of a submit, with the header's idempotency key; what is wrong with it, the procedure says. */
function submitInputOf(body: unknown, idempotencyKey: string | undefined): SubmitInput {
  const found = findOperation("POST", "/jobs");
  if (!("operation" in found)) throw new Error("REST has no submit");
  return readInput(found.operation, { params: {}, query: new URLSearchParams(), body, idempotencyKey }) as SubmitInput;
}

function wantedOf({ request, url }: Exchange): Wanted {
  const outputs = url.searchParams.get("outputs") ?? "url";
  if (outputs !== "url" && outputs !== "base64") {
    const fields = [{ path: "outputs", message: "must be url or base64" }];
    throw new DarkroomError("INPUT_INVALID", "outputs must be url or base64.", { fields });
  }
  if (outputs === "base64") return "base64";
  const [best = ""] = acceptedTypes(request.headers.accept ?? "");
  return /^(image|video|audio|model)\//.test(best) ? "file" : "job";
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

/**
 * The job as JSON, its outputs with their files as `dataUrl`; null for those that would be too much together, or are gone. In pieces:
 * whole, such an answer is four times its files, and a caller may ask for many at once.
 */
async function* embedded(
  { outputs, ...job }: JobView,
  { database, storage }: Pick<HttpParts, "database" | "storage">,
): AsyncGenerator<string> {
  yield `${JSON.stringify(job).slice(0, -1)},"outputs":[`;
  let left = MAX_EMBEDDED_BYTES;
  for (const [nth, output] of outputs.entries()) {
    left -= output.sizeBytes;
    const file = left < 0 ? null : await outputFile(database, { outputId: output.outputId, ownerIds: null });
    const opened = file === null ? null : await storage.open(file.storageKey);
    yield `${nth === 0 ? "" : ","}${JSON.stringify(output).slice(0, -1)},"dataUrl":`;
    if (opened === null) yield "null}";
    else {
      yield `"data:${output.mimeType};base64,`;
      yield* base64Of(opened.stream);
      yield '"}';
    }
  }
  yield "]}";
}

/** Base64 of a stream, three bytes after three. */
async function* base64Of(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString("base64", 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString("base64");
}

async function sendFirst(exchange: Exchange, job: JobView, parts: HttpParts): Promise<void> {
  const { jobId, state, failure, outputs } = job;
  if (state === "failed") throw new DarkroomError("JOB_FAILED", failure?.message ?? "The job failed.");
  if (state === "canceled") throw new DarkroomError("JOB_CANCELED", "The job was canceled.");
  if (!isTerminal(state)) {
    throw new DarkroomError("UNAVAILABLE", `The job has not ended yet. Follow it at /api/v1/jobs/${jobId}/events.`);
  }
  const ranges = acceptedTypes(exchange.request.headers.accept ?? "");
  const isAccepted = (mimeType: string): boolean => ranges.some((range) => isInRange(range, mimeType));
  const first = outputs.find(({ mimeType }) => isAccepted(mimeType)) ?? outputs[0];
  const file =
    first === undefined ? null : await outputFile(parts.database, { outputId: first.outputId, ownerIds: null });
  if (file === null) throw new DarkroomError("JOB_FAILED", "The job succeeded and made no file.");
  await sendStored(exchange, parts, { ...file, id: file.outputId });
}
