"use client";

import { useState } from "react";
import { useServices } from "../provider.tsx";
import { type Refusal, toRefusal } from "../refusal.ts";

/** Cancels a job. `isAsked` from the click until the job's own events tell. */
export function useCancel(jobId: string): { cancel(): void; isAsked: boolean; refusal: Refusal | null } {
  const { client, feed } = useServices();
  const [isAsked, setIsAsked] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    isAsked,
    refusal,
    cancel() {
      setIsAsked(true);
      setRefusal(null);
      client.job.cancel
        .mutate({ jobId })
        .then(() => (feed.store.get().jobs.has(jobId) ? feed.fetch(jobId) : undefined))
        .catch((error: unknown) => {
          setIsAsked(false);
          setRefusal(toRefusal(error));
        });
    },
  };
}
