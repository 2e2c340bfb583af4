"use client";

import { type JobView, newId } from "@darkroom/contracts";
import { useCallback } from "react";
import { type EachOf, eachOf } from "../../each-of.ts";
import { useServices } from "../../provider.tsx";

type DoEach = (jobs: readonly JobView[], onSettled: (count: number) => void) => Promise<EachOf<JobView>>;

/** Ways to do one thing with many jobs. Each tells how many it has asked for, and answers with what was done and what was refused. */
export function useBulk(): {
  /** Asks open jobs to stop. */
  readonly cancel: DoEach;
  /** Tries failed or canceled jobs again, with the same inputs. */
  readonly retry: DoEach;
} {
  const { client } = useServices();
  return {
    cancel: useCallback(
      (jobs, onSettled) => eachOf(jobs, ({ jobId }) => client.job.cancel.mutate({ jobId }), onSettled),
      [client],
    ),
    retry: useCallback(
      (jobs, onSettled) =>
        eachOf(jobs, ({ jobId }) => client.job.retry.mutate({ jobId, idempotencyKey: newId() }), onSettled),
      [client],
    ),
  };
}
