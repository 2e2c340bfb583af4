"use client";

import { isTerminal, type JobView } from "@darkroom/contracts";
import { Ban, Dices, Pin, RotateCcw, SquarePen } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { shorten } from "../../../format.ts";
import { paths } from "../../../paths.ts";
import type { SubmitResult } from "../../../trpc/feed/submit.ts";
import { useCancel } from "../../../trpc/hooks/use-cancel.ts";
import { useRepeat } from "../../../trpc/hooks/use-submit.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { Elapsed } from "../elapsed.tsx";
import { jobTitle, labelOf } from "../job-title.ts";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { SeedBadge } from "../seed-badge.tsx";
import { StateIcon } from "../state-icon.tsx";
import { statusLine } from "../status-line.ts";
import { useRunAgain } from "../use-run-again.tsx";
import { JobPicture } from "./job-picture.tsx";

interface JobCardProps {
  readonly job: JobView;
  readonly isEager?: boolean;
  /** Puts the seed into the form. */
  readonly onReuseSeed?: (job: JobView) => void;
  /** Puts all inputs into the form. */
  readonly onEdit?: (job: JobView) => void;
}

/** A job on the contact sheet: its picture's box, where it stands, and what can be done with it. */
export function JobCard({ job, isEager, onReuseSeed, onEdit }: JobCardProps) {
  const { cancel, isAsked, refusal } = useCancel(job.jobId);
  const repeat = useRepeat();
  const { ask, question } = useRunAgain(job);
  const [trouble, setTrouble] = useState<string | null>(null);
  const start = async (result: Promise<SubmitResult>): Promise<void> => {
    const answer = await result;
    setTrouble(answer.ok ? null : answer.refusal.message);
  };
  const title = jobTitle(job);
  const isOpen = !isTerminal(job.state);
  const line = isAsked && isOpen && job.state !== "canceling" ? "Canceling" : statusLine(job);
  // Of several outputs each has its own heart, where it is shown large.
  const only = job.outputs.length === 1 ? job.outputs[0] : undefined;
  const problem = trouble ?? refusal?.message ?? null;
  return (
    <article aria-label={shorten(title, 80)} className="panel group/card flex flex-col overflow-hidden">
      {question}
      <div className="relative aspect-square">
        <JobPicture job={job} sizes="(min-width: 1280px) 24rem, (min-width: 640px) 45vw, 92vw" isEager={isEager} />
      </div>
      {isOpen ? (
        <ProgressBar
          percent={job.state === "running" ? (job.progress?.percent ?? null) : job.state === "queued" ? 0 : null}
          label={`Progress of ${shorten(title, 60)}`}
          valueText={line}
          className="rounded-none!"
        />
      ) : (
        <div className="h-1" />
      )}
      <div className="flex flex-1 flex-col gap-2 p-4">
        <div className="flex items-center gap-2 text-sm">
          <StateIcon state={isAsked && isOpen ? "canceling" : job.state} />
          <p className="min-w-0 flex-1 font-medium text-balance tabular-nums">{line}</p>
          {isOpen && !isAsked && job.state !== "canceling" && (
            <Button look="quiet" size="small" className="-my-1.5 -mr-2" onClick={cancel}>
              <Ban aria-hidden className="size-3.5" /> Cancel
            </Button>
          )}
        </div>
        {job.state === "queued" && job.waitReason !== null && <p className="text-sm text-warn">{job.waitReason}</p>}
        {job.failure !== null && <FailureText job={job} />}
        {problem !== null && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
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
          {!isOpen && (
            <span className="-mr-2 ml-auto flex">
              {only !== undefined && <FavoriteButton job={job} output={only} />}
              {job.state === "succeeded" && job.seed !== null && onReuseSeed !== undefined && (
                <IconButton label="Use this seed in the form" onClick={() => onReuseSeed(job)}>
                  <Pin aria-hidden className="size-4" />
                </IconButton>
              )}
              {onEdit !== undefined && (
                <IconButton label="Edit these inputs" onClick={() => onEdit(job)}>
                  <SquarePen aria-hidden className="size-4" />
                </IconButton>
              )}
              {job.state === "succeeded" && job.seed !== null && (
                <IconButton label="Vary: the same inputs with a new seed" onClick={() => void start(repeat.vary(job))}>
                  <Dices aria-hidden className="size-4" />
                </IconButton>
              )}
              {job.state !== "succeeded" && (
                <Button
                  look="plain"
                  size="small"
                  className="ml-1"
                  onClick={() => void ask(() => void start(repeat.retry(job)))}
                >
                  <RotateCcw aria-hidden className="size-3.5" /> Try again
                </Button>
              )}
            </span>
          )}
        </div>
      </div>
    </article>
  );
}

/** Why it failed: the message for the person, and what it concerns. */
export function FailureText({ job }: { job: JobView }) {
  const { failure } = job;
  if (failure === null) return null;
  const concerns = [failure.field && labelOf(failure.field), failure.nodeTitle].filter(Boolean).join(", ");
  return (
    <div className="space-y-0.5 rounded-lg bg-bad/8 p-2.5 text-sm">
      <p>{failure.message}</p>
      {concerns !== "" && <p className="text-xs text-muted">Concerns: {concerns}</p>}
    </div>
  );
}
