"use client";

import type { InputValues, JobView, Remaining } from "@darkroom/contracts";
import { useCallback, useSyncExternalStore } from "react";
import { createExternalStore } from "../../external-store.ts";
import { type Send, type SubmitResult, sendSubmit, startJob, type WorkflowRef } from "../../feed/submit.ts";
import { useServices } from "../../provider.tsx";

const remainingStore = createExternalStore<Remaining | null>(null);

function remember(result: SubmitResult): SubmitResult {
  if (result.ok && result.remaining !== null) remainingStore.update(() => result.remaining);
  return result;
}

/** What the limits still allow, as the last answer said; null before the first. */
export function useRemaining(): Remaining | null {
  return useSyncExternalStore(remainingStore.subscribe, remainingStore.get, () => null);
}

/**
 * Starts a job, of the workflow's current version or of `version`: its card is there before the request leaves. `isFirst`: before
 * all that waits, which operators may.
 */
export function useSubmit(): (
  workflow: WorkflowRef,
  inputs: InputValues,
  how?: Parameters<typeof sendSubmit>[3],
) => Promise<SubmitResult> {
  const { client, feed } = useServices();
  return useCallback(
    async (workflow, inputs, how) =>
      remember(await startJob(feed, { workflow, inputs, send: sendSubmit(client, workflow, inputs, how) })),
    [client, feed],
  );
}

export interface Repeat {
  /** The same request again: same inputs, same seed. */
  again(view: JobView): Promise<SubmitResult>;
  /** The same inputs with a new seed. */
  vary(view: JobView): Promise<SubmitResult>;
  /** Another try of a failed or canceled job. */
  retry(view: JobView): Promise<SubmitResult>;
  /** What is not as it was when the job was made. */
  drift(view: JobView): Promise<readonly { readonly kind: string; readonly message: string }[]>;
}

/** Ways to make a new job from an old one. */
export function useRepeat(): Repeat {
  const { client, feed } = useServices();
  const start = async (view: JobView, send: Send): Promise<SubmitResult> =>
    remember(await startJob(feed, { workflow: view.workflow, inputs: view.inputs, send }));
  return {
    again: (view) =>
      start(view, ({ idempotencyKey, context }) =>
        client.job.rerun.mutate({ jobId: view.jobId, idempotencyKey }, { context }),
      ),
    vary: (view) =>
      start(view, ({ idempotencyKey, context }) =>
        client.job.rerun.mutate({ jobId: view.jobId, inputs: { seed: null }, idempotencyKey }, { context }),
      ),
    drift: async ({ jobId }) => (await client.job.drift.query({ jobId })).differences,
    retry: (view) =>
      start(view, ({ idempotencyKey, context }) =>
        client.job.retry.mutate({ jobId: view.jobId, idempotencyKey }, { context }),
      ),
  };
}
