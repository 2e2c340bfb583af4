"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { useEffect, useRef } from "react";
import { browserStorage } from "../../../hooks/browser-storage.ts";
import { usePush } from "../../../trpc/hooks/account/use-push.ts";
import { useSession } from "../../../trpc/hooks/account/use-session.ts";
import { useLiveJobs, useOpenSummary } from "../../../trpc/hooks/jobs/use-feed.ts";
import { useJobs } from "../../../trpc/hooks/jobs/use-jobs.ts";
import { showToast } from "../../../ui/toaster.tsx";
import { awayText, newestEnd } from "./away.ts";
import { askOnce, keepTelling, tellEnd } from "./desktop.ts";
import { showIcon } from "./favicon.ts";
import type { PushDoor } from "./push.ts";
import { useTitleProgress } from "./use-title-progress.ts";

/** The newest end of a job that somebody looked at in this browser. */
const SEEN_KEY = "darkroom.seen";

/** What tells of one's jobs beside the page itself: the tab's icon and title, the desktop, and what ended while nobody looked. */
export function Notices() {
  const { session, isShutOut } = useSession();
  return session === undefined || isShutOut ? null : <Telling ownerId={session.ownerId} />;
}

function Telling({ ownerId }: { readonly ownerId: string }) {
  const { open, percent } = useOpenSummary();
  useTitleProgress();
  useEffect(() => showIcon(open === 0 ? null : percent), [open, percent]);
  const push = usePush();
  useEffect(() => void keepTelling(push, ownerId), [push, ownerId]);
  useAway();
  useEnds(push, ownerId);
  return null;
}

/** Says once what ended while no page of this browser was looked at, and notes what is seen. */
function useAway(): void {
  const live = useLiveJobs();
  const { jobs, isLoading } = useJobs({ limit: 24 });
  const known = useRef<readonly JobView[]>([]);
  known.current = [...new Map([...jobs.map((job) => [job.jobId, job] as const), ...live]).values()];
  useEffect(() => {
    if (isLoading) return;
    const look = (): void => {
      if (document.hidden) return;
      const storage = browserStorage();
      const seen = storage.getItem(SEEN_KEY);
      const text = awayText(known.current, seen);
      const newest = newestEnd(known.current);
      if (newest > (seen ?? "")) storage.setItem(SEEN_KEY, newest);
      else if (seen === null) storage.setItem(SEEN_KEY, "");
      if (text !== null) void showToast({ text, look: "good" });
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [isLoading]);
  // What ends before one's eyes is seen.
  useEffect(() => {
    const newest = newestEnd(live.values());
    if (!isLoading && !document.hidden && newest > (browserStorage().getItem(SEEN_KEY) ?? ""))
      browserStorage().setItem(SEEN_KEY, newest);
  }, [live, isLoading]);
}

/** Tells of each job that was open in this tab and ends. */
function useEnds(push: PushDoor, ownerId: string): void {
  const live = useLiveJobs();
  const open = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const jobId of open.current) {
      const job = live.get(jobId);
      if (job === undefined || !isTerminal(job.state) || job.state === "canceled") continue;
      tellEnd(job);
      if (!document.hidden) askOnce(push, ownerId);
    }
    open.current = new Set([...live.values()].filter(({ state }) => !isTerminal(state)).map(({ jobId }) => jobId));
  }, [live, push, ownerId]);
}
