"use client";

import type { JobView } from "@darkroom/contracts";
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { newerView } from "../../feed/feed-state.ts";
import { differenceOf, type HistoryFilter, type HistoryPage, withNewest } from "../../feed/history-pages.ts";
import { useServices } from "../../provider.tsx";
import { toRefusal } from "../../refusal.ts";
import { useConnection } from "../use-connection.ts";
import { useFeedValue, useLiveJob } from "./use-feed.ts";

/** Two screens of pictures; an answer of this size takes some milliseconds. */
const PAGE = 60;
/** How often everyone's jobs are asked for, per page that is held: the feed carries one's own only. */
const POLL_MS = 2000;

/**
 * Jobs newest first, in pages, with what the feed has learnt since. Each row reads its own live view (`useLiveJob`), so that
 * the progress of one draws one row and not a list of thousands.
 *
 * @param all Operators: everyone's jobs.
 */
export function useHistory(filter: HistoryFilter, all = false) {
  const { client, feed } = useServices();
  const { states, workflow, batchId, favorite, from, to, search } = filter;
  const input = {
    ...{ state: states === undefined ? undefined : [...states], workflow, batchId, favorite, from, to, search },
    ...{ all, limit: PAGE },
  };
  const key = ["history", input];
  // Not tRPC's own infinite query: that adds a `direction` to the input, which other clients need not know.
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      client.job.list.query({ ...input, cursor: pageParam }, { signal }) as Promise<HistoryPage>,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    // Every page would be read again, of a long list hundreds; see `useRenewal`.
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: all ? ({ state }) => POLL_MS * (state.data?.pages.length ?? 1) : false,
  });
  useRenewal(
    key,
    () => client.job.list.query(input) as Promise<HistoryPage>,
    all || query.isPlaceholderData || !query.isSuccess,
  );

  const listed = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.items), [query.data]);
  const newest = listed[0]?.createdAt ?? "";
  // As text, so that an event which changes nothing in the list draws nothing.
  const difference = useFeedValue((state) => (all ? "" : JSON.stringify(differenceOf(state, filter, newest))));
  const jobs = useMemo(() => {
    if (difference === "") return listed;
    const { appeared, left }: ReturnType<typeof differenceOf> = JSON.parse(difference);
    const { jobs: live } = feed.store.get();
    const shown = left.length === 0 ? listed : withoutAll(listed, new Set(left));
    return appeared.length === 0 ? shown : [...appeared.flatMap((jobId) => live.get(jobId) ?? []), ...shown];
  }, [difference, feed, listed]);

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  return {
    jobs,
    isLoading: query.isPending,
    /** Rows of the filter before, until those of this one are there. */
    isOutdated: query.isPlaceholderData,
    isLoadingMore: isFetchingNextPage,
    hasMore: hasNextPage,
    loadMore: useCallback(() => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    }, [fetchNextPage, hasNextPage, isFetchingNextPage]),
    refusal: query.error === null ? null : toRefusal(query.error),
    retry: () => (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch()),
  };
}

/** A listed job as it is now: the feed may know better. */
export function newestViewOf(live: ReadonlyMap<string, JobView>, listed: JobView): JobView {
  return newerView(live.get(listed.jobId), listed);
}

/** {@link newestViewOf}; its row is drawn anew when its own job changes, and not when another does. */
export function useNewestView(listed: JobView): JobView {
  const live = useLiveJob(listed.jobId);
  return useMemo(() => newerView(live, listed), [live, listed]);
}

const withoutAll = (jobs: readonly JobView[], left: ReadonlySet<string>): readonly JobView[] =>
  jobs.filter(({ jobId }) => !left.has(jobId));

/**
 * Reads the newest page of a held list again when somebody comes back to it, and when the connection does; the first time too,
 * because what changed between the server's reading, which came with the page, and the feed's beginning is in neither.
 */
function useRenewal(key: readonly unknown[], read: () => Promise<HistoryPage>, isIdle: boolean): void {
  const queryClient = useQueryClient();
  const { status } = useConnection();
  const latest = useRef({ key, read, isIdle });
  useEffect(() => {
    latest.current = { key, read, isIdle };
  });
  const name = JSON.stringify(key);
  useEffect(() => {
    const { key: queryKey, read: again, isIdle: isNew } = latest.current;
    // A list that is loading now is as new as can be.
    if (isNew || status !== "live" || JSON.stringify(queryKey) !== name) return;
    again()
      .then((newest) =>
        queryClient.setQueryData<InfiniteData<HistoryPage, string | null>>(queryKey, (held) => {
          if (held === undefined) return undefined;
          const pages = withNewest(held.pages, newest);
          return { pages, pageParams: pages.map(() => null) };
        }),
      )
      // What is shown stays; the connection's badge says that the server is away.
      .catch(() => undefined);
  }, [name, queryClient, status]);
}
