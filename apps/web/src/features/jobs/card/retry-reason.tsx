"use client";

import type { JobView } from "@darkroom/contracts";
import { t, tServer } from "../../../language/say.ts";
import { useTimeline } from "../../../trpc/hooks/jobs/use-job.ts";
import { retryReasons } from "../retry-reasons.ts";

/** Why a job is tried again: its timeline has the reason. */
export function RetryReason({ job }: { job: JobView }) {
  const retried = useTimeline(job.jobId, job.version)?.findLast(({ type }) => type === "job.retried");
  if (retried === undefined) return null;
  const { reason, failure } = retried.payload as { reason?: string; failure?: { message?: string } | null };
  const why = failure?.message === undefined ? retryReasons()[reason ?? ""] : tServer(failure.message);
  return why === undefined ? null : <p className="line-clamp-2 text-xs text-warn">{t`Tried again: ${why}`}</p>;
}
