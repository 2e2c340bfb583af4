"use client";

import { applyEvent, isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";
import { useEffect, useRef } from "react";
import { newerView, withoutJob } from "../../feed/feed-state.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import { toRefusal } from "../../refusal.ts";
import { useConnection } from "../use-connection.ts";
import { useGoneJobs, useLiveJob } from "./use-feed.ts";

interface JobFeedData {
  readonly events: readonly JobEvent[];
  readonly jobs?: readonly JobView[];
}

/** How `useJob` may learn what happens to a job; both unless switched off. */
export interface JobSources {
  /** As it happens: over a socket, or by server-sent events where there is none. */
  readonly enableWebSocket?: boolean;
  /** By asking every 3 s while nothing tells it as it happens. */
  readonly enablePolling?: boolean;
}

const POLL_MS = 3000;

/**
 * A job by id, live. One's own comes from the tab's feed; an operator watching someone else's gets a subscription of
 * its own while it runs. Null asks for none.
 */
export function useJob(jobId: string | null, { enableWebSocket = true, enablePolling = true }: JobSources = {}) {
  const utils = trpc.useUtils();
  const connection = useConnection();
  const isLive = enableWebSocket && connection.status === "live";
  const live = useLiveJob(enableWebSocket ? (jobId ?? "") : "");
  const query = trpc.job.byId.useQuery(
    { jobId: jobId ?? "" },
    {
      enabled: jobId !== null,
      staleTime: 5000,
      refetchInterval: ({ state }) =>
        enablePolling && !isLive && !isTerminal((state.data as JobView | undefined)?.state ?? "queued")
          ? POLL_MS
          : false,
    },
  );
  const fetched = query.data as JobView | undefined;
  const job = fetched === undefined ? live : newerView(live, fetched);
  const watches = enableWebSocket && live === undefined && fetched !== undefined && !isTerminal(fetched.state);
  useJobEvents(watches ? jobId : null, (change) =>
    utils.job.byId.setData({ jobId: jobId ?? "" }, (held) => change(held as JobView | undefined)),
  );

  const isGone = useGoneJobs().has(jobId ?? "");
  return {
    job: isGone ? undefined : job,
    isGone,
    refusal: query.error === null ? null : toRefusal(query.error),
    retry: () => query.refetch(),
    /** In percent; null while it does not run. */
    progress: job?.progress?.percent ?? null,
    status: job?.state ?? null,
    stage: job?.stage ?? null,
    message: job?.progress?.message ?? null,
    isConnected: isLive,
    usingWebSocket: isLive && connection.transport === "ws",
  };
}

/** Follows a job that the tab's feed does not bring; null follows none. */
function useJobEvents(
  jobId: string | null,
  onChange: (change: (held: JobView | undefined) => JobView | undefined) => void,
): void {
  const { client, feed } = useServices();
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (jobId === null) return;
    const subscription = client.job.onEvent.subscribe(
      { jobId },
      {
        onData: ({ data }) => {
          const { events, jobs } = data as JobFeedData;
          if (events.some(({ type }) => type === "job.removed")) feed.store.update((state) => withoutJob(state, jobId));
          change.current((held) => {
            const view = jobs?.[0] ?? held;
            return view === undefined ? undefined : events.reduce(applyEvent, view);
          });
        },
      },
    );
    return () => subscription.unsubscribe();
  }, [client, feed, jobId]);
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
