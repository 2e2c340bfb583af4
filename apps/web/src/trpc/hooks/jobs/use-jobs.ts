"use client";

import type { JobView } from "@darkroom/contracts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { withJobs } from "../../feed/feed-state.ts";
import { useServices } from "../../provider.tsx";
import { toRefusal } from "../../refusal.ts";
import { useGoneJobs } from "./use-feed.ts";

/** The visitor's newest jobs. The feed takes them over: what happens to them later is in `useLiveJob`. */
export function useJobs({ limit }: { readonly limit: number }) {
  const { client, feed } = useServices();
  // A list of one page, kept as the history's are, so that a page that arrives with its first content fills either.
  const query = useInfiniteQuery({
    queryKey: ["jobs", { limit }],
    queryFn: ({ signal }) => client.job.list.query({ limit }, { signal }),
    initialPageParam: null,
    getNextPageParam: () => null,
    staleTime: 5000,
  });
  const gone = useGoneJobs();
  const jobs = useMemo(() => {
    const items = (query.data?.pages ?? []).flatMap((page) => page.items as readonly JobView[]);
    return items.filter(({ jobId }) => !gone.has(jobId));
  }, [query.data, gone]);

  useEffect(() => feed.store.update((state) => withJobs(state, jobs)), [feed, jobs]);

  return {
    jobs,
    isLoading: query.isPending,
    refusal: query.error === null ? null : toRefusal(query.error),
    retry: () => query.refetch(),
  };
}
