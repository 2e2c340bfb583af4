"use client";

import { useState } from "react";
import { withoutJob } from "../feed/feed-state.ts";
import { useServices } from "../provider.tsx";
import { type Refusal, toRefusal } from "../refusal.ts";

/**
 * Removes an ended job for good. It leaves this tab at once, and every other one with its event. `remove` returns whether
 * the job is gone; if not, `refusal` says why.
 */
export function useRemove(jobId: string): { remove(): Promise<boolean>; isBusy: boolean; refusal: Refusal | null } {
  const { client, feed } = useServices();
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    isBusy,
    refusal,
    async remove() {
      setIsBusy(true);
      setRefusal(null);
      try {
        await client.job.remove.mutate({ jobId });
      } catch (error) {
        const refused = toRefusal(error);
        setIsBusy(false);
        // Not found is gone as well: another tab, or an operator, was faster.
        if (refused.code !== "NOT_FOUND") {
          setRefusal(refused);
          return false;
        }
      }
      feed.store.update((state) => withoutJob(state, jobId));
      return true;
    },
  };
}
