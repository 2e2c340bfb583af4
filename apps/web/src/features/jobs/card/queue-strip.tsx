"use client";

import type { JobView } from "@darkroom/contracts";
import { ChevronDown, Hourglass } from "lucide-react";
import { formatEta, shorten } from "../../../format.ts";
import { t, tPlural } from "../../../language/say.ts";
import { useLiveJobs } from "../../../trpc/hooks/jobs/use-feed.ts";
import { Button } from "../../../ui/button.tsx";
import { jobTitle } from "../job-title.ts";
import { statusLine } from "../status-line.ts";
import { useCancelJobs, useIsCanceling } from "../use-cancel-jobs.ts";
import { waitingJobs } from "./sheet-places.ts";

/** How many of one's jobs wait and when the next one begins; opens to all of them, each with its place and its end. */
export function QueueStrip() {
  const waiting = waitingJobs(useLiveJobs().values());
  const cancel = useCancelJobs();
  const [next] = waiting;
  if (next === undefined) return null;
  const waits =
    next.waitSeconds === null
      ? t`${waiting.length} waiting`
      : t`${waiting.length} waiting, next in ${formatEta(next.waitSeconds)}`;
  return (
    <details className="group relative min-w-0">
      <summary className="flex min-h-9 max-w-full cursor-pointer list-none items-center gap-2 rounded-lg border border-line bg-raised px-3 text-sm">
        <Hourglass aria-hidden className="size-4 shrink-0 text-safelight" />
        <span className="truncate tabular-nums">{waits}</span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <section
        aria-label={t`Queue`}
        className="absolute right-0 z-20 mt-2 w-[min(24rem,88vw)] rounded-xl border border-line bg-surface shadow-print max-sm:right-auto max-sm:left-0"
      >
        <div className="flex items-center justify-between gap-3 border-b p-3">
          <p className="text-sm font-medium">{tPlural(waiting.length, "{0} waiting job", "{0} waiting jobs")}</p>
          <Button look="danger" size="small" onClick={() => cancel(waiting)}>
            {t`Cancel all`}
          </Button>
        </div>
        <ol className="max-h-72 divide-y overflow-y-auto">
          {waiting.map((job) => (
            <WaitingJob key={job.jobId} job={job} onCancel={() => cancel([job])} />
          ))}
        </ol>
      </section>
    </details>
  );
}

function WaitingJob({ job, onCancel }: { job: JobView; onCancel: () => void }) {
  const isCanceling = useIsCanceling(job);
  return (
    <li className="flex items-center gap-3 px-3 py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block truncate">{shorten(jobTitle(job), 80)}</span>
        <span className="block truncate text-xs text-faint tabular-nums">
          {isCanceling ? t`Canceling` : statusLine(job)}
        </span>
      </span>
      <Button look="quiet" size="small" disabled={isCanceling} onClick={onCancel}>
        {t`Cancel`}
        <span className="sr-only">: {shorten(jobTitle(job), 60)}</span>
      </Button>
    </li>
  );
}
