"use client";

import type { JobView } from "@darkroom/contracts";
import { useCallback, useSyncExternalStore } from "react";
import { emptyFeed, type FeedState, type Submission, summaryOf } from "../../feed/feed-state.ts";
import { useServices } from "../../provider.tsx";

/** A value of the feed; the component is drawn when it is another one. */
export function useFeedValue<Value>(select: (state: FeedState) => Value): Value {
  const { store } = useServices().feed;
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.get()),
    () => select(emptyFeed),
  );
}

/** The live view of a job of one's own; undefined if this tab does not hold it. */
export function useLiveJob(jobId: string): JobView | undefined {
  return useFeedValue(useCallback((state: FeedState) => state.jobs.get(jobId), [jobId]));
}

/** Every job this tab holds, by id. A new map with each event: for lists, not for cards. */
export function useLiveJobs(): ReadonlyMap<string, JobView> {
  return useFeedValue((state) => state.jobs);
}

/** Jobs that were removed while this tab was open: whatever lists or shows one from elsewhere leaves it out. */
export function useGoneJobs(): ReadonlySet<string> {
  return useFeedValue((state) => state.gone);
}

/** What the contact sheet shows, newest first; the same arrays until one is added or removed. */
export function useSheet(): {
  submissions: readonly Submission[];
  order: readonly string[];
  keys: ReadonlyMap<string, string>;
} {
  return {
    submissions: useFeedValue((state) => state.submissions),
    order: useFeedValue((state) => state.order),
    keys: useFeedValue((state) => state.keys),
  };
}

/** How many jobs are open, and their mean progress in percent. */
export function useOpenSummary(): { open: number; percent: number } {
  return {
    open: useFeedValue((state) => summaryOf(state).open),
    percent: useFeedValue((state) => summaryOf(state).percent),
  };
}
