"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { shorten } from "../../format.ts";
import { t, tPlural } from "../../language/say.ts";
import { useCancel, useIsCancelAsked } from "../../trpc/hooks/jobs/use-cancel.ts";
import { showToast } from "../../ui/toaster.tsx";
import { jobTitle } from "./job-title.ts";

/** Cancels jobs: one that runs at once; those that wait after 5 s, in which it can be taken back. */
export function useCancelJobs(): (jobs: readonly JobView[]) => void {
  const begin = useCancel();
  return (jobs) => {
    const [first] = jobs;
    if (first === undefined) return;
    const cancellation = begin(jobs);
    const send = async (): Promise<void> => {
      const reason = await cancellation.send();
      if (reason !== null) void showToast({ text: reason, look: "bad" });
    };
    if (jobs.some(({ state }) => state !== "queued")) {
      void send();
      return;
    }
    const text =
      jobs.length === 1
        ? t`Canceled “${shorten(jobTitle(first), 40)}”.`
        : tPlural(jobs.length, "Canceled {0} waiting job.", "Canceled {0} waiting jobs.");
    void showToast({
      text,
      action: { label: t`Undo`, run: () => cancellation.undo() },
      onGone: () => void send(),
    });
  };
}

/** True from the click on Cancel until the job's own events tell what became of it. */
export function useIsCanceling({ jobId, state }: Pick<JobView, "jobId" | "state">): boolean {
  return useIsCancelAsked(jobId) && !isTerminal(state);
}
