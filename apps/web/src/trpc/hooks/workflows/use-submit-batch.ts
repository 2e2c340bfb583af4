"use client";

import { type InputValues, isTerminal, type JobView } from "@darkroom/contracts";
import { useCallback } from "react";
import type { BatchSender } from "../../feed/batch-sender.ts";
import type { FeedState } from "../../feed/feed-state.ts";
import type { WorkflowRef } from "../../feed/submit.ts";
import { useServices } from "../../provider.tsx";
import { useSession } from "../account/use-session.ts";
import { useFeedValue } from "../jobs/use-feed.ts";

/** The limit of an installation that was not asked yet: its default. */
const MAX_WAITING = 20;

/** Gives the tab's sender of batches, which is loaded with the first one. */
export function useSender(): () => Promise<BatchSender> {
  const { client, feed } = useServices();
  const maxWaiting = useSession().session?.limits.maxWaitingPerOwner ?? MAX_WAITING;
  return useCallback(
    async () => (await import("../../feed/batch-sender.ts")).senderOf({ client, feed, maxWaiting }),
    [client, feed, maxWaiting],
  );
}

/** Starts a batch of jobs of one workflow, of its current version; what does not fit now follows by itself. Answers with its id. */
export function useSubmitBatch(): (workflow: WorkflowRef, jobs: readonly InputValues[]) => Promise<string> {
  const sender = useSender();
  return useCallback(
    async (workflow, jobs) =>
      (await sender()).add(
        workflow,
        jobs.map((inputs) => ({ inputs })),
      ),
    [sender],
  );
}

/** The newest batch of the jobs that this tab holds, and every other one that goes on. */
export function recentBatches({ jobs, order }: Pick<FeedState, "jobs" | "order">): string[] {
  const inBatches = order.flatMap((jobId) => jobs.get(jobId) ?? []).filter(({ batchId }) => batchId !== null);
  const shown = inBatches.filter(({ state }, nth) => nth === 0 || !isTerminal(state));
  return [...new Set(shown.flatMap(({ batchId }) => batchId ?? []))];
}

/**
 * {@link recentBatches}, newest first; the same text, and so no drawing, until one appears or goes.
 *
 * @param first the jobs that the page arrived with: they count until the feed holds any
 */
export function useRecentBatches(first: readonly JobView[]): readonly string[] {
  const ids = useFeedValue((state) =>
    recentBatches(
      state.order.length > 0
        ? state
        : { jobs: new Map(first.map((job) => [job.jobId, job])), order: first.map(({ jobId }) => jobId) },
    ).join(),
  );
  return ids === "" ? [] : ids.split(",");
}
