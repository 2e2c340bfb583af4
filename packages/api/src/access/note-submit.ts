import { clickedAt, type Step } from "@darkroom/contracts";
import type { Context } from "../context.ts";
import { errorFacts } from "../errors.ts";

/** The procedures that make jobs. */
const submits: ReadonlySet<string> = new Set([
  "job.submit",
  "job.submitBatch",
  "job.retry",
  "job.rerun",
  "queue.redrive",
]);

/** Requests whose click was noted: a batch, and a socket, has several calls under one id. */
const clicked = new WeakSet<object>();

/** Notes the click and the submit of a call that made jobs, or was refused, once it is over. */
export function noteSubmit(
  ctx: Context,
  {
    path,
    startMs,
    result,
  }: {
    readonly path: string;
    readonly startMs: number;
    readonly result: { readonly ok: boolean; readonly data?: unknown; readonly error?: unknown };
  },
): void {
  const { requestId, tracer, transport } = ctx;
  if (!tracer.isOn || requestId === undefined || !submits.has(path)) return;
  const endMs = Date.now();
  const error = result.ok ? {} : { error: errorFacts(result.error).code };
  const facts: Step["facts"] = { procedure: path, transport, ...jobFacts(result.data) };
  if (!clicked.has(ctx)) {
    clicked.add(ctx);
    tracer.step(requestId, { name: "click", startMs: clickedAt(requestId, startMs), endMs, facts, ...error });
  }
  tracer.step(requestId, { name: "submit", startMs, endMs, facts, ...error });
}

/** The job that an answer names, or how many. */
function jobFacts(data: unknown): Step["facts"] {
  if (typeof data !== "object" || data === null) return {};
  if ("jobId" in data && typeof data.jobId === "string") return { jobId: data.jobId };
  return "jobs" in data && Array.isArray(data.jobs) ? { jobs: data.jobs.length } : {};
}
