"use client";

import { ArrowUpToLine, Ban } from "lucide-react";
import { formatPosition } from "../../format.ts";
import { t, tNodes, tPlural } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";
import { paths } from "../../paths.ts";
import { useWaiting, type WaitingView } from "../../trpc/hooks/operators/use-ops.ts";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { ownerLabel } from "../jobs/owner-label.ts";

/** Who waits and whose turn is next: to put one before all others, or to stop them. Nothing while nobody waits. */
export function WaitingJobs({ count }: { readonly count: number }) {
  const { waiting, promote, cancel, progress, cancelAll } = useWaiting(count > 0);
  if (waiting.length === 0) return null;
  const isBusy = promote.isPending || cancel.isPending || progress !== null;
  const refused = promote.error ?? cancel.error;
  return (
    <section aria-labelledby="waiting-heading" className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h2 id="waiting-heading" className="font-display text-2xl">
          {t`Waiting`}
        </h2>
        <Button size="small" disabled={isBusy} onClick={() => void cancelAll(waiting)}>
          <Ban aria-hidden className="size-3.5" />{" "}
          {progress === null
            ? tPlural(waiting.length, "Cancel {0} job", "Cancel {0} jobs")
            : t`Canceled ${progress.done} of ${progress.total}`}
        </Button>
      </div>
      {refused !== null && <Notice title={t`That did not work.`}>{refused.message}</Notice>}
      <ol aria-label={t`Waiting jobs`} className="panel divide-y overflow-hidden">
        {waiting.map((job) => (
          <WaitingJob
            key={job.jobId}
            job={job}
            isBusy={isBusy}
            onPromote={() => promote.mutate({ jobId: job.jobId })}
            onCancel={() => cancel.mutate({ jobId: job.jobId })}
          />
        ))}
      </ol>
      {count > waiting.length && (
        <p className="text-sm text-muted">
          {tPlural(
            count - waiting.length,
            "And {0} job more; they come up as these go.",
            "And {0} jobs more; they come up as these go.",
          )}
        </p>
      )}
    </section>
  );
}

interface WaitingJobProps {
  readonly job: WaitingView;
  readonly isBusy: boolean;
  readonly onPromote: () => void;
  readonly onCancel: () => void;
}

function WaitingJob({ job, isBusy, onPromote, onCancel }: WaitingJobProps) {
  const { jobId, ownerId, ownerName, workflow, position, priority, queuedAt, dueAt } = job;
  const owner = ownerLabel({ ownerId, displayName: ownerName });
  const name = workflowText(workflow.slug, workflow.name);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 p-3 pl-4">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap gap-x-2">
          <Link href={paths.job(jobId)} className="truncate font-medium hover:text-safelight">
            {name}
          </Link>
          <span className="truncate text-muted" title={ownerId}>
            {t`of ${owner}`}
          </span>
        </p>
        <p className="text-sm text-muted tabular-nums">
          {dueAt !== null ? t`to be tried again` : position === null ? t`in line` : formatPosition(position)} ·{" "}
          {tNodes`since ${<TimeAgo at={queuedAt} />}`}
          {priority !== "normal" && ` · ${priority === "high" ? t`high priority` : t`low priority`}`}
        </p>
      </div>
      <div className="flex gap-2">
        {position !== 0 && (
          <Button size="small" disabled={isBusy} onClick={onPromote} aria-label={t`Run next: ${name} of ${owner}`}>
            <ArrowUpToLine aria-hidden className="size-3.5" /> {t`Run next`}
          </Button>
        )}
        <Button
          size="small"
          look="quiet"
          disabled={isBusy}
          onClick={onCancel}
          aria-label={t`Cancel: ${name} of ${owner}`}
        >
          {t`Cancel`}
        </Button>
      </div>
    </li>
  );
}
