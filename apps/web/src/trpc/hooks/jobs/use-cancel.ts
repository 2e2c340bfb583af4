"use client";

import type { JobView } from "@darkroom/contracts";
import { useCallback, useSyncExternalStore } from "react";
import { eachOf } from "../../each-of.ts";
import { createExternalStore } from "../../external-store.ts";
import { mutateOnLeave, onceOrOnLeave } from "../../once-or-on-leave.ts";
import { useServices } from "../../provider.tsx";

/** Jobs whose cancel was asked for here, whether the server knows of it yet or not. */
const asked = createExternalStore<ReadonlySet<string>>(new Set());
const add = (jobIds: readonly string[]): void => asked.update((held) => new Set([...held, ...jobIds]));
const remove = (jobIds: readonly string[]): void =>
  asked.update((held) => new Set([...held].filter((jobId) => !jobIds.includes(jobId))));

/** Whether this tab asked for this job's cancel and did not take it back. */
export function useIsCancelAsked(jobId: string): boolean {
  return useSyncExternalStore(
    asked.subscribe,
    () => asked.get().has(jobId),
    () => false,
  );
}

export interface Cancellation {
  /** Asks the server. Answers why a job could not be canceled, or null if all are. */
  send(): Promise<string | null>;
  /** Takes it back; the server is not asked. */
  undo(): void;
}

/**
 * Shows jobs as canceled at once, and leaves it to the caller when the server is told: until then it can be taken back.
 * Whoever leaves the page before has meant it.
 */
export function useCancel(): (jobs: readonly Pick<JobView, "jobId">[]) => Cancellation {
  const { client, feed } = useServices();
  return useCallback(
    (jobs) => {
      const jobIds = jobs.map(({ jobId }) => jobId);
      const { settle } = onceOrOnLeave(() => {
        for (const jobId of jobIds) mutateOnLeave("job.cancel", { jobId });
      });
      add(jobIds);
      return {
        undo() {
          if (settle()) remove(jobIds);
        },
        async send() {
          if (!settle()) return null;
          const { refused } = await eachOf(jobIds, async (jobId) => {
            await client.job.cancel.mutate({ jobId });
            if (feed.store.get().jobs.has(jobId)) void feed.fetch(jobId);
          });
          remove(refused.map(({ item }) => item));
          return refused[0]?.refusal.message ?? null;
        },
      };
    },
    [client, feed],
  );
}
