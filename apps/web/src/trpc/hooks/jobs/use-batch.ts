"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type Outgoing, senderOf, waitingIn } from "../../feed/batch-sender.ts";
import { withJobs } from "../../feed/feed-state.ts";
import { useServices } from "../../provider.tsx";
import { toRefusal } from "../../refusal.ts";
import { useSession } from "../account/use-session.ts";
import { useFeedValue, useGoneJobs } from "./use-feed.ts";
import { newestViewOf } from "./use-history.ts";

const nothing: readonly Outgoing[] = [];

function useTabSender() {
  const { client, feed } = useServices();
  const maxWaiting = useSession().session?.limits.maxWaitingPerOwner ?? 20;
  return senderOf({ client, feed, maxWaiting });
}

/** What this tab still has to send. */
export function useOutgoing(): readonly Outgoing[] {
  const { store } = useTabSender();
  return useSyncExternalStore(store.subscribe, store.get, () => nothing);
}

/** What may wait at once, and what waits already. */
export function useRoom(): { readonly maxWaiting: number; readonly waiting: number } {
  const maxWaiting = useSession().session?.limits.maxWaitingPerOwner ?? 20;
  return { maxWaiting, waiting: useFeedValue(waitingIn) };
}

/** The most jobs of a batch that are read: the API makes no larger ones at once. */
const MOST = 100;

/** The jobs of a batch as they are now, in the order in which they were asked for, and what can be done with all of them. */
export function useBatch(batchId: string) {
  const { client, feed } = useServices();
  const sender = useTabSender();
  const query = useQuery({
    queryKey: ["batch", batchId],
    queryFn: ({ signal }) => client.job.list.query({ batchId, limit: MOST }, { signal }),
    select: ({ items }) => items as readonly JobView[],
    staleTime: Number.POSITIVE_INFINITY,
  });
  const gone = useGoneJobs();
  const live = useFeedValue((state) => state.jobs);
  const outgoing = useOutgoing().find((one) => one.batchId === batchId);
  const listed = query.data;
  useEffect(() => {
    if (listed !== undefined) feed.store.update((state) => withJobs(state, listed));
  }, [feed, listed]);
  const jobs = useMemo(() => {
    const views = new Map((listed ?? []).map((job) => [job.jobId, newestViewOf(live, job)]));
    for (const job of live.values()) if (job.batchId === batchId) views.set(job.jobId, job);
    return [...views.values()]
      .filter(({ jobId }) => !gone.has(jobId))
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.jobId.localeCompare(b.jobId));
  }, [batchId, gone, listed, live]);
  return {
    jobs,
    outgoing,
    isLoading: query.isPending,
    refusal: query.error === null ? null : toRefusal(query.error),
    reload: () => query.refetch(),
    resume: () => sender.resume(batchId),
    /** Stops what runs and waits, and sends nothing more. Throws what `toRefusal` reads. */
    async cancelRest(): Promise<void> {
      sender.drop(batchId);
      if (jobs.some(({ state }) => !isTerminal(state))) await client.job.cancel.mutate({ batchId });
    },
    /** Asks for these jobs again, with the same inputs and seeds, in the same places of the batch. */
    repeat(some: readonly JobView[]): void {
      const [first] = some;
      if (first === undefined) return;
      sender.add(
        first.workflow,
        some.map(({ inputs, jobId }) => ({ inputs, retryOf: jobId })),
        batchId,
      );
    },
  };
}
