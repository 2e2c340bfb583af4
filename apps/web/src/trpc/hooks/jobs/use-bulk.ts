"use client";

import { type JobView, newId } from "@darkroom/contracts";
import { useCallback } from "react";
import { type EachOf, eachOf } from "../../each-of.ts";
import { useServices } from "../../provider.tsx";

/** Ways to do one thing with many jobs. Each answers with what was done and what was refused. */
export function useBulk(): {
  /** Asks open jobs to stop. */
  cancel(jobs: readonly JobView[]): Promise<EachOf<JobView>>;
  /** Tries failed or canceled jobs again, with the same inputs. */
  retry(jobs: readonly JobView[]): Promise<EachOf<JobView>>;
} {
  const { client } = useServices();
  return {
    cancel: useCallback((jobs) => eachOf(jobs, ({ jobId }) => client.job.cancel.mutate({ jobId })), [client]),
    retry: useCallback(
      (jobs) => eachOf(jobs, ({ jobId }) => client.job.retry.mutate({ jobId, idempotencyKey: newId() })),
      [client],
    ),
  };
}
