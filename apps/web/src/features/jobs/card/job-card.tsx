"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { Ban, RotateCcw } from "lucide-react";
import { useState } from "react";
import { shorten } from "../../../format.ts";
import { t, tServer } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import type { SubmitResult } from "../../../trpc/feed/submit.ts";
import { useRepeat } from "../../../trpc/hooks/workflows/use-submit.ts";
import { Button } from "../../../ui/button.tsx";
import { later } from "../../../ui/later.tsx";
import { Link } from "../../../ui/link.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { Elapsed } from "../elapsed.tsx";
import { jobTitle, labelOf } from "../job-title.ts";
import { SeedBadge } from "../seed-badge.tsx";
import { StateIcon } from "../state-icon.tsx";
import { pictureTime, shortLine, statusLine } from "../status-line.ts";
import { useCancelJobs, useIsCanceling } from "../use-cancel-jobs.ts";
import { useRunAgain } from "../use-run-again.tsx";
import { JobPicture } from "./job-picture.tsx";

/** Neither is part of the first load: actions are of use once the page stands, and a second attempt is rare. */
const CardActions = later(() => import("./card-actions.tsx").then((module) => module.CardActions));
const RetryReason = later(() => import("./retry-reason.tsx").then((module) => module.RetryReason));

interface JobCardProps {
  readonly job: JobView;
  readonly isEager?: boolean;
  /** Puts the seed into the form. */
  readonly onReuseSeed?: (job: JobView) => void;
  /** Puts all inputs into the form. */
  readonly onEdit?: (job: JobView) => void;
}

/** The most that a card is wide. Said too small, a page that arrives with its pictures would load a copy, and then a larger one. */
const CARD_SIZES = "(min-width: 1280px) 25rem, (min-width: 640px) 45vw, 92vw";

/** A job on the contact sheet: its picture's box, where it stands in one line, and what can be done with it. */
export function JobCard({ job, isEager, onReuseSeed, onEdit }: JobCardProps) {
  const cancel = useCancelJobs();
  const isCanceling = useIsCanceling(job);
  const repeat = useRepeat();
  const { ask, question } = useRunAgain(job);
  const [trouble, setTrouble] = useState<string | null>(null);
  const start = async (result: Promise<SubmitResult>): Promise<void> => {
    const answer = await result;
    setTrouble(answer.ok ? null : answer.refusal.message);
  };
  const title = jobTitle(job);
  const isOpen = !isTerminal(job.state);
  const isAsked = isCanceling && job.state !== "canceling";
  const line = isAsked ? t`Canceling` : statusLine(job);
  return (
    <article aria-label={shorten(title, 80)} className="panel group/card flex flex-col overflow-hidden">
      {question}
      <div className="relative">
        <div className="relative aspect-square">
          <JobPicture job={job} sizes={CARD_SIZES} isEager={isEager} />
        </div>
        {!isOpen && (
          <CardActions job={job} onReuseSeed={onReuseSeed} onEdit={onEdit} onStart={(result) => void start(result)} />
        )}
      </div>
      {isOpen ? (
        <ProgressBar
          percent={job.state === "running" ? (job.progress?.percent ?? null) : job.state === "queued" ? 0 : null}
          label={t`Progress of ${shorten(title, 60)}`}
          valueText={line}
          className="rounded-none!"
        />
      ) : (
        <div className="h-1" />
      )}
      <div className="flex flex-1 flex-col gap-2 p-4">
        <div className="flex items-center gap-2 text-sm">
          <StateIcon state={isCanceling ? "canceling" : job.state} />
          <p title={line} className="min-w-0 flex-1 truncate font-medium tabular-nums">
            {isAsked ? line : <StatusText job={job} />}
          </p>
        </div>
        {job.state === "queued" && job.waitReason !== null && (
          <p className="text-sm text-warn">{tServer(job.waitReason)}</p>
        )}
        {isOpen && job.attempt > (job.state === "queued" ? 0 : 1) && <RetryReason job={job} />}
        {job.failure !== null && <FailureText job={job} />}
        <Problem>{trouble}</Problem>
        <p className="line-clamp-2 text-sm text-muted" title={title}>
          <Link href={paths.job(job.jobId)} className="rounded hover:text-ink hover:underline">
            {title}
          </Link>
        </p>
        <div className="mt-auto flex min-h-9 flex-wrap items-center gap-x-3 pt-1 text-xs text-faint">
          {job.state === "running" && job.startedAt !== null ? (
            <Elapsed since={job.startedAt} />
          ) : (
            <TimeAgo at={job.createdAt} />
          )}
          {job.seed !== null && <SeedBadge seed={job.seed} />}
          {isOpen && !isCanceling && job.state !== "canceling" && (
            <Button look="quiet" size="small" className="-mr-2 ml-auto" onClick={() => cancel([job])}>
              <Ban aria-hidden className="size-3.5" /> {t`Cancel`}
            </Button>
          )}
          {(job.state === "failed" || job.state === "canceled") && (
            <Button
              look="plain"
              size="small"
              className="ml-auto"
              onClick={() => void ask(() => void start(repeat.retry(job)))}
            >
              <RotateCcw aria-hidden className="size-3.5" /> {t`Try again`}
            </Button>
          )}
        </div>
      </div>
    </article>
  );
}

/** The line in one row, short for the eye; whole for screen readers, and for whoever looks for its words. */
function StatusText({ job }: { job: JobView }) {
  const made = pictureTime(job);
  if (made === null) return shortLine(job);
  return (
    <>
      {t`Succeeded`} · <span className="sr-only">{made.before}</span>
      {made.time}
      <span className="sr-only">{made.after}</span>
    </>
  );
}

/** Why it failed: the message for the person, and what it concerns. */
export function FailureText({ job }: { job: JobView }) {
  const { failure } = job;
  if (failure === null) return null;
  const node = failure.nodeTitle && workflowText(job.workflow.slug, failure.nodeTitle);
  const concerns = [failure.field && labelOf(failure.field), node].filter(Boolean).join(", ");
  return (
    <div className="space-y-0.5 rounded-lg bg-bad/8 p-2.5 text-sm">
      <p>{tServer(failure.message)}</p>
      {concerns !== "" && <p className="text-xs text-muted">{t`Concerns: ${concerns}`}</p>}
    </div>
  );
}
