"use client";

import { applyEvent, isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";
import { useEffect, useRef } from "react";
import { trpc } from "../client.ts";
import { newerView, withoutJob } from "../feed/feed-state.ts";
import { useServices } from "../provider.tsx";
import { toRefusal } from "../refusal.ts";
import { useGoneJobs, useLiveJob } from "./use-feed.ts";

interface JobFeedData {
  readonly events: readonly JobEvent[];
  readonly jobs?: readonly JobView[];
}

/**
 * A job by id, live. One's own comes from the tab's feed; an operator watching someone else's gets a subscription of
 * its own while it runs. Null asks for none.
 */
export function useJob(jobId: string | null) {
  const { client, feed } = useServices();
  const utils = trpc.useUtils();
  const live = useLiveJob(jobId ?? "");
  const query = trpc.job.byId.useQuery({ jobId: jobId ?? "" }, { enabled: jobId !== null, staleTime: 5000 });
  const fetched = query.data as JobView | undefined;
  const job = fetched === undefined ? live : newerView(live, fetched);
  const watches = live === undefined && fetched !== undefined && !isTerminal(fetched.state);

  useEffect(() => {
    if (!watches || jobId === null) return;
    const subscription = client.job.onEvent.subscribe(
      { jobId },
      {
        onData: ({ data }) => {
          const { events, jobs } = data as JobFeedData;
          if (events.some(({ type }) => type === "job.removed")) feed.store.update((state) => withoutJob(state, jobId));
          utils.job.byId.setData({ jobId }, (held) => {
            const view = (jobs?.[0] ?? held) as JobView | undefined;
            return view === undefined ? undefined : events.reduce(applyEvent, view);
          });
        },
      },
    );
    return () => subscription.unsubscribe();
  }, [client, feed, jobId, utils, watches]);

  const isGone = useGoneJobs().has(jobId ?? "");
  const refusal = query.error === null ? null : toRefusal(query.error);
  return { job: isGone ? undefined : job, isGone, refusal, retry: () => query.refetch() };
}

/** What happened to a job, oldest first. Asked again whenever the job's version rises. */
export function useTimeline(jobId: string, version: number | undefined) {
  const query = trpc.job.timeline.useQuery({ jobId }, { enabled: version !== undefined });
  const { refetch } = query;
  const asked = useRef(version);
  useEffect(() => {
    if (version === asked.current) return;
    // The first version is what the query itself asked for, or what the page arrived with.
    const isFirst = asked.current === undefined;
    asked.current = version;
    if (!isFirst) void refetch();
  }, [refetch, version]);
  return query.data;
}
