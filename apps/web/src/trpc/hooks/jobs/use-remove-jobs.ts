"use client";

import type { JobView } from "@darkroom/contracts";
import { useCallback } from "react";
import { withJobsBack, withoutJob } from "../../feed/feed-state.ts";
import { noteRemoved, tabStorage } from "../../feed/removed-on-leave.ts";
import { mutateOnLeave, onceOrOnLeave } from "../../once-or-on-leave.ts";
import { useServices } from "../../provider.tsx";
import { toRefusal } from "../../refusal.ts";

/** The API takes no more at once. */
const AT_ONCE = 100;

export interface JobRemoval {
  /** Asks the server. Jobs that cannot go come back; answers why, or null if all are gone. */
  send(): Promise<string | null>;
  /** Brings them back; the server is not asked. */
  undo(): void;
}

/**
 * Takes ended jobs out of everything that this tab shows, at once, and leaves it to the caller when the server is told:
 * until then it can be undone. Whoever leaves the page before has meant it.
 */
export function useRemoveJobs(): (jobs: readonly JobView[]) => JobRemoval {
  const { client, feed } = useServices();
  return useCallback(
    (jobs) => {
      const restore = (views: readonly JobView[]): void => feed.store.update((state) => withJobsBack(state, views));
      const { settle } = onceOrOnLeave(() => {
        for (const jobIds of chunks(jobs)) mutateOnLeave("job.remove", { jobIds });
        noteRemoved(
          tabStorage(),
          jobs.map(({ jobId }) => jobId),
        );
      });
      feed.store.update((state) => jobs.reduce((held, { jobId }) => withoutJob(held, jobId), state));
      return {
        undo() {
          if (settle()) restore(jobs);
        },
        async send() {
          if (!settle()) return null;
          let reason: string | null = null;
          for (const jobIds of chunks(jobs)) {
            const kept = new Set<string>();
            try {
              const answer = await client.job.remove.mutate({ jobIds });
              if (!("refused" in answer)) continue;
              for (const { jobId, message } of answer.refused) {
                kept.add(jobId);
                reason = message;
              }
            } catch (error) {
              for (const jobId of jobIds) kept.add(jobId);
              reason = toRefusal(error).message;
            }
            restore(jobs.filter(({ jobId }) => kept.has(jobId)));
          }
          return reason;
        },
      };
    },
    [client, feed],
  );
}

function chunks(jobs: readonly JobView[]): string[][] {
  const ids = jobs.map(({ jobId }) => jobId);
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, nth) =>
    ids.slice(nth * AT_ONCE, (nth + 1) * AT_ONCE),
  );
}
