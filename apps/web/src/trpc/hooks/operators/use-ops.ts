"use client";

import type { JobView } from "@darkroom/contracts";
import { useState } from "react";
import type { RouterOutputs } from "../../client.ts";
import { eachOf } from "../../each-of.ts";
import { useServices } from "../../provider.tsx";
import { trpc } from "../../react-hooks.tsx";
import type { Refusal } from "../../refusal.ts";

/** How far a bulk action has come. */
interface Progress {
  readonly done: number;
  readonly total: number;
}

export type BackendView = RouterOutputs["monitor"]["overview"]["backends"][number];
export type QueueStats = RouterOutputs["queue"]["stats"];

/** A backend's model files by folder, asked for once while `enabled`. */
export function useBackendModels(backendId: string, enabled: boolean) {
  const { data, isLoading } = trpc.backend.list.useQuery(undefined, { enabled, staleTime: 30_000 });
  return { models: data?.items.find((backend) => backend.backendId === backendId)?.models ?? null, isLoading };
}

/** The newest dead letters, asked for every 5 s, and what can be done with them. */
export function useDeadLetters() {
  const utils = trpc.useUtils();
  const { client } = useServices();
  const [progress, setProgress] = useState<Progress | null>(null);
  const { data } = trpc.queue.deadLetters.useQuery({ limit: 20 }, { refetchInterval: 5000 });
  const reload = () => Promise.all([utils.queue.deadLetters.invalidate(), utils.job.list.invalidate()]);
  const options = { onSettled: reload };
  return {
    jobs: (data?.items ?? []) as readonly JobView[],
    hasMore: data?.nextCursor != null,
    redrive: trpc.queue.redrive.useMutation(options),
    discard: trpc.queue.discard.useMutation(options),
    /** Null: nothing is being redriven. */
    progress,
    /** Makes a new job of each; the last refusal, null if none was refused. */
    redriveAll: async (jobs: readonly JobView[]): Promise<Refusal | null> => {
      setProgress({ done: 0, total: jobs.length });
      const redriveOne = ({ jobId }: JobView) => client.queue.redrive.mutate({ jobIds: [jobId] });
      const { refused } = await eachOf(jobs, redriveOne, (done) => setProgress({ done, total: jobs.length }));
      setProgress(null);
      await reload();
      return refused.at(-1)?.refusal ?? null;
    },
  };
}

export type WaitingView = RouterOutputs["queue"]["waiting"]["items"][number];

/** The jobs that have waited longest, read every 3 s while any job waits, and what operators can do with them. */
export function useWaiting(isAnybodyWaiting: boolean) {
  const utils = trpc.useUtils();
  const { client } = useServices();
  const [progress, setProgress] = useState<Progress | null>(null);
  const { data } = trpc.queue.waiting.useQuery(
    { limit: 20 },
    { enabled: isAnybodyWaiting, refetchInterval: 3000, placeholderData: (previous) => previous },
  );
  const reload = () => utils.queue.waiting.invalidate();
  return {
    waiting: isAnybodyWaiting ? (data?.items ?? []) : [],
    promote: trpc.queue.promote.useMutation({ onSettled: reload }),
    cancel: trpc.job.cancel.useMutation({ onSettled: reload }),
    /** Null: nothing is being canceled. */
    progress,
    /** Asks each to stop; what was refused has ended or begun meanwhile. */
    cancelAll: async (jobs: readonly WaitingView[]): Promise<void> => {
      setProgress({ done: 0, total: jobs.length });
      const cancelOne = ({ jobId }: WaitingView) => client.job.cancel.mutate({ jobId });
      await eachOf(jobs, cancelOne, (done) => setProgress({ done, total: jobs.length }));
      setProgress(null);
      await reload();
    },
  };
}

/** Pauses and resumes the queue; drains and resumes a backend. */
export function useOpsActions() {
  const utils = trpc.useUtils();
  const options = {
    onSettled: () => Promise.all([utils.monitor.overview.invalidate(), utils.system.info.invalidate()]),
  };
  return {
    pause: trpc.queue.pause.useMutation(options),
    resume: trpc.queue.resume.useMutation(options),
    drain: trpc.backend.drain.useMutation(options),
    resumeBackend: trpc.backend.resume.useMutation(options),
  };
}

/** What everyone is told, and to tell them; their pages show it at once. */
export function useBroadcast() {
  const utils = trpc.useUtils();
  const { data } = trpc.system.info.useQuery();
  return {
    notice: data?.notice ?? null,
    broadcast: trpc.notice.broadcast.useMutation({ onSettled: () => utils.system.info.invalidate() }),
  };
}

export type UserView = RouterOutputs["user"]["list"]["items"][number];

/** Everyone who was here, newest first, and who may go on: a block is a role. */
export function usePeople() {
  const utils = trpc.useUtils();
  const query = trpc.user.list.useInfiniteQuery({ limit: 20 }, { getNextPageParam: (page) => page.nextCursor });
  return {
    people: query.data?.pages.flatMap(({ items }) => items),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    error: query.error,
    setRole: trpc.user.setRole.useMutation({ onSettled: () => utils.user.list.invalidate() }),
    reload: () => utils.user.list.invalidate(),
  };
}

export type EntranceView = RouterOutputs["user"]["entrances"][number];

/** Whether guests and sign-ups are let in, asked for every 5 s since other operators switch them too. */
export function useEntrances() {
  const utils = trpc.useUtils();
  const { data, error } = trpc.user.entrances.useQuery(undefined, { refetchInterval: 5000 });
  return {
    entrances: data,
    error: data === undefined ? error : null,
    setEntrance: trpc.user.setEntrance.useMutation({
      onSuccess: (entrances) => utils.user.entrances.setData(undefined, entrances),
      onSettled: () => utils.user.entrances.invalidate(),
    }),
  };
}
