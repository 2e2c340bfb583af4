import { backoffMs, type InputValues, type JobView, newId, type Remaining, sleep } from "@darkroom/contracts";
import type { ApiClient, RequestContext } from "../client.ts";
import { type Refusal, toRefusal } from "../refusal.ts";
import type { Feed } from "./feed.ts";
import { withAnswer, withoutSubmission, withSubmission } from "./feed-state.ts";

/** A request that got no answer is sent again up to three times, over some three seconds. */
const RESEND = { firstMs: 800, maxMs: 3200 };

export interface WorkflowRef {
  readonly workflowId: string;
  readonly slug: string;
  readonly name: string;
  readonly version: number;
}

/** What every way to start a job answers: a new one, a retry, a rerun. */
export interface SubmitAnswer {
  readonly jobId: string | null;
  readonly state: JobView["state"] | null;
  readonly position: number | null;
  readonly waitSeconds: number | null;
  readonly etaSeconds: number | null;
  readonly etaRangeSeconds: JobView["etaRangeSeconds"];
  readonly remaining: Remaining | null;
}

export type SubmitResult =
  | { readonly ok: true; readonly jobId: string; readonly remaining: Remaining | null }
  | { readonly ok: false; readonly refusal: Refusal };

/** Sends the request. It may be sent again, with the same of both: the server's logs then show one click. */
export type Send = (click: {
  readonly idempotencyKey: string;
  readonly context: RequestContext;
}) => Promise<SubmitAnswer>;

export interface StartJob {
  readonly workflow: WorkflowRef;
  readonly inputs: InputValues;
  readonly send: Send;
}

/** A job as it is before its first event: shown until the server's own view arrives. */
export function firstView(start: Pick<StartJob, "workflow" | "inputs">, jobId: string, answer: SubmitAnswer): JobView {
  return {
    jobId,
    batchId: null,
    retryOf: null,
    workflow: start.workflow,
    version: 0,
    attempt: 0,
    state: "queued",
    stage: null,
    priority: "normal",
    progress: null,
    previewUrl: null,
    position: answer.position,
    waitSeconds: answer.waitSeconds,
    etaSeconds: answer.etaSeconds,
    etaRangeSeconds: answer.etaRangeSeconds,
    waitReason: null,
    inputs: start.inputs,
    seed: null,
    outputs: [],
    missingOutputs: [],
    failure: null,
    attempts: 0,
    createdAt: new Date().toISOString(),
    startedAt: null,
    finishedAt: null,
    backend: null,
    durations: { wait: null, load: null, sample: null, run: null },
    savedSeconds: null,
    metadata: null,
    requestId: null,
  };
}

/**
 * Shows a card at once, sends the request, and puts the job in the card's place. The key is made here, so a request
 * that was lost on its way may be sent again without a second job.
 */
export async function startJob(feed: Feed, start: StartJob, retries = 3): Promise<SubmitResult> {
  const key = newId();
  const context = { requestId: newId() };
  const createdAt = new Date().toISOString();
  feed.store.update((state) =>
    withSubmission(state, { key, workflow: start.workflow, inputs: start.inputs, createdAt }),
  );
  return feed.holdUnknown(async () => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await start.send({ idempotencyKey: key, context });
        if (answer.jobId === null) throw new Error("the server answered without a job");
        const { jobId } = answer;
        feed.store.update((state) => withAnswer(state, key, firstView(start, jobId, answer)));
        void feed.fetch(jobId);
        return { ok: true, jobId, remaining: answer.remaining };
      } catch (error) {
        const refusal = toRefusal(error);
        if (refusal.isTemporary && attempt < retries) {
          await sleep(backoffMs(attempt, RESEND));
          continue;
        }
        feed.store.update((state) => withoutSubmission(state, key));
        return { ok: false, refusal };
      }
    }
  });
}

/** Sends a new job of `workflow`, of its current version unless `version` says which. */
export function sendSubmit(
  client: ApiClient,
  workflow: WorkflowRef,
  inputs: InputValues,
  { version, isFirst = false }: { readonly version?: number; readonly isFirst?: boolean } = {},
): Send {
  const priority = isFirst ? "high" : undefined;
  return ({ idempotencyKey, context }) =>
    client.job.submit.mutate(
      { workflow: workflow.slug, version, priority, inputs: { ...inputs }, idempotencyKey },
      { context },
    );
}
