"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { Ban, ExternalLink, Hourglass, RotateCcw } from "lucide-react";
import { memo } from "react";
import { shorten } from "../../format.ts";
import { t, tServer } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { IconButton } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { JobPicture } from "../jobs/card/job-picture.tsx";
import { jobTitle } from "../jobs/job-title.ts";
import { StateIcon } from "../jobs/state-icon.tsx";
import { shortLine, statusLine } from "../jobs/status-line.ts";
import { useCancelJobs, useIsCanceling } from "../jobs/use-cancel-jobs.ts";

interface BatchCellProps {
  readonly job: JobView;
  /** What tells it from its neighbours, for whoever does not see the axes. */
  readonly label: string;
  readonly onRepeat: (job: JobView) => void;
}

/** One picture of a batch: where it stands, and what can be done with it alone. */
export const BatchCell = memo(function BatchCell({ job, label, onRepeat }: BatchCellProps) {
  const cancel = useCancelJobs();
  const isCanceling = useIsCanceling(job);
  const isOpen = !isTerminal(job.state);
  const line = isCanceling ? t`Canceling` : statusLine(job);
  const words = job.failure === null ? undefined : tServer(job.failure.message);
  return (
    <article aria-label={label} className="panel flex min-w-0 flex-col overflow-hidden">
      <div className="relative aspect-square">
        <JobPicture job={job} sizes="16rem" />
        {job.state === "running" && (
          // Over the picture, so that nothing moves when it appears and goes.
          <ProgressBar
            percent={job.progress?.percent ?? null}
            label={t`Progress of ${shorten(jobTitle(job), 60)}`}
            valueText={line}
            className="absolute! inset-x-0 bottom-0 rounded-none!"
          />
        )}
      </div>
      <div className="flex items-center py-1 pr-1 pl-2.5 text-xs">
        <StateIcon state={isCanceling ? "canceling" : job.state} className="mr-1.5 size-3.5 shrink-0" />
        <p className="min-w-0 flex-1 truncate tabular-nums" title={words ?? line}>
          {isCanceling ? line : shortLine(job)}
        </p>
        {isOpen && !isCanceling && job.state !== "canceling" && (
          <IconButton label={t`Cancel: ${label}`} className="size-7" onClick={() => cancel([job])}>
            <Ban aria-hidden className="size-3.5" />
          </IconButton>
        )}
        {(job.state === "failed" || job.state === "canceled") && (
          <IconButton label={t`Try again: ${label}`} className="size-7" onClick={() => onRepeat(job)}>
            <RotateCcw aria-hidden className="size-3.5" />
          </IconButton>
        )}
        <Link
          href={paths.job(job.jobId)}
          aria-label={t`Its page: ${label}`}
          className="grid size-7 shrink-0 place-items-center rounded-lg text-muted hover:bg-raised hover:text-ink"
        >
          <ExternalLink aria-hidden className="size-3.5" />
        </Link>
      </div>
      {words !== undefined && <p className="line-clamp-3 px-2.5 pb-2 text-xs text-bad">{words}</p>}
    </article>
  );
});

/** The place of a picture that this tab has not sent yet. */
export function UnsentCell({ label }: { readonly label: string }) {
  return (
    <article aria-label={label} className="flex min-w-0 flex-col overflow-hidden rounded-2xl border border-dashed">
      <div className="paper grid aspect-square place-items-center">
        <Hourglass aria-hidden className="size-6 text-faint" strokeWidth={1.25} />
      </div>
      <p className="px-2.5 py-2.5 text-xs text-muted">{t`Not sent yet`}</p>
    </article>
  );
}
