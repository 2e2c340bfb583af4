"use client";

import type { JobState, JobView } from "@darkroom/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { withJobs } from "../feed/feed-state.ts";
import { useServices } from "../provider.tsx";
import { toRefusal } from "../refusal.ts";
import { useGoneJobs, useLiveJobs } from "./use-feed.ts";

export interface JobFilter {
  readonly states?: JobState[];
  readonly search?: string;
  /** Operators: everyone's jobs. Those are polled: the feed carries one's own only. */
  readonly all?: boolean;
  readonly limit?: number;
}

function matches(view: JobView, { states, search }: JobFilter): boolean {
  if (states !== undefined && !states.includes(view.state)) return false;
  return search === undefined;
}

/** Jobs newest first, in pages, each row live. */
export function useJobs(filter: JobFilter) {
  const { client, feed } = useServices();
  const { states, search, all, limit } = filter;
  // Not tRPC's own infinite query: that adds a `direction` to the input, which `job.list` rightly refuses.
  const query = useInfiniteQuery({
    queryKey: ["jobs", { states, search, all, limit }],
    queryFn: ({ pageParam, signal }) =>
      client.job.list.query({ state: states, search, all, limit, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: all === true ? 2000 : false,
    staleTime: 5000,
  });
  const gone = useGoneJobs();
  const listed = useMemo(() => {
    const items = (query.data?.pages ?? []).flatMap((page) => page.items as readonly JobView[]);
    return items.filter(({ jobId }) => !gone.has(jobId));
  }, [query.data, gone]);

  useEffect(() => {
    if (all !== true) feed.store.update((state) => withJobs(state, listed));
  }, [all, feed, listed]);

  const live = useLiveJobs();
  const jobs = useMemo(() => {
    if (all === true) return listed;
    const shown = new Set(listed.map(({ jobId }) => jobId));
    const newest = listed[0]?.createdAt ?? "";
    const appeared = [...live.values()].filter(
      (view) => !shown.has(view.jobId) && view.createdAt > newest && matches(view, { states, search }),
    );
    appeared.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    const rows = [...appeared, ...listed.map((view) => live.get(view.jobId) ?? view)];
    return states === undefined ? rows : rows.filter((view) => states.includes(view.state));
  }, [all, listed, live, search, states]);

  return {
    jobs,
    isLoading: query.isPending,
    isLoadingMore: query.isFetchingNextPage,
    hasMore: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    refusal: query.error === null ? null : toRefusal(query.error),
    retry: () => query.refetch(),
  };
}
