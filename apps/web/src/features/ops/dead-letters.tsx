"use client";

import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { t, tPlural } from "../../language/say.ts";
import { useDeadLetters } from "../../trpc/hooks/operators/use-ops.ts";
import type { Refusal } from "../../trpc/refusal.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { JobRow } from "../jobs/history/job-row.tsx";

/** Failed jobs that nobody has looked after yet: to run again on their owners' behalf, or to put away. */
export function DeadLetters() {
  const { jobs, hasMore, redrive, discard, progress, redriveAll } = useDeadLetters();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  if (jobs.length === 0) return null;
  const isBusy = redrive.isPending || discard.isPending || progress !== null;
  const refused = redrive.error ?? discard.error ?? refusal;
  const jobIds = jobs.map(({ jobId }) => jobId);
  return (
    <section className="space-y-3" aria-labelledby="dead-letters-heading">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="dead-letters-heading" className="font-display text-2xl">
          {t`Dead letters`}
        </h2>
        <div className="flex flex-wrap gap-2">
          <Button size="small" disabled={isBusy} onClick={async () => setRefusal(await redriveAll(jobs))}>
            <RotateCcw aria-hidden className="size-3.5" />{" "}
            {progress === null
              ? tPlural(jobIds.length, "Redrive {0} job", "Redrive {0} jobs")
              : t`Redriven ${progress.done} of ${progress.total}`}
          </Button>
          <Button size="small" disabled={isBusy} onClick={() => discard.mutate({ jobIds })}>
            <Trash2 aria-hidden className="size-3.5" /> {tPlural(jobIds.length, "Discard {0} job", "Discard {0} jobs")}
          </Button>
        </div>
      </div>
      <p className="text-sm text-muted">
        {t`These failed and were not tried again. A redrive is a new job of the same owner; what is discarded stays in its owner's history.`}
      </p>
      {refused !== null && <Notice title={t`That did not work.`}>{refused.message}</Notice>}
      <ul className="panel divide-y overflow-hidden">
        {jobs.map((job) => (
          <li key={job.jobId} className="flex flex-wrap items-center sm:flex-nowrap">
            <div className="min-w-0 flex-1 basis-full sm:basis-auto">
              <JobRow job={job} />
            </div>
            <div className="flex gap-2 px-3 pb-3 sm:pb-0">
              <Button size="small" disabled={isBusy} onClick={() => redrive.mutate({ jobIds: [job.jobId] })}>
                {t`Redrive`}
              </Button>
              <Button size="small" disabled={isBusy} onClick={() => discard.mutate({ jobIds: [job.jobId] })}>
                {t`Discard`}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {hasMore && <p className="text-sm text-muted">{t`There are more; they come up as these go.`}</p>}
    </section>
  );
}
