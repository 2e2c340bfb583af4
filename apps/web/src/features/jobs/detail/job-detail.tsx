"use client";

import { isTerminal, type JobView, type Output } from "@darkroom/contracts";
import { Ban, Dices, Download, RotateCcw, SquarePen } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { shorten } from "../../../format.ts";
import { t, tServer } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import type { SubmitResult } from "../../../trpc/feed/submit.ts";
import { useIsShared } from "../../../trpc/hooks/jobs/use-is-shared.ts";
import { useJob } from "../../../trpc/hooks/jobs/use-job.ts";
import { useRepeat } from "../../../trpc/hooks/workflows/use-submit.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { later } from "../../../ui/later.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { FailureText } from "../card/job-card.tsx";
import { JobPicture } from "../card/job-picture.tsx";
import { aspectOf, downloadOf, jobTitle } from "../job-title.ts";
import { PictureList } from "../lightbox/picture-list.tsx";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { UsePicture } from "../output/use-picture.tsx";
import { ownerLabel } from "../owner-label.ts";
import { RemoveJob } from "../remove-job.tsx";
import { StateIcon } from "../state-icon.tsx";
import { statusLine } from "../status-line.ts";
import { useCancelJobs, useIsCanceling } from "../use-cancel-jobs.ts";
import { useRunAgain } from "../use-run-again.tsx";
import { Fold } from "./fold.tsx";
import { JobInputs } from "./job-facts.tsx";
import { JobOutputs } from "./job-outputs.tsx";
import { JobProvenance } from "./job-provenance.tsx";
import { JobTimeline } from "./job-timeline.tsx";

/** Loaded when they are opened: what draws the graph is half as large as the page. */
const LiveGraph = later(() => import("./graph/live-graph.tsx").then((module) => module.LiveGraph));
const JobCode = later(() => import("./job-code.tsx").then((module) => module.JobCode));
// Neither is known when the page arrives: at which address it is shared, and who else looks.
const Share = later(() => import("../output/share.tsx").then((module) => module.Share));
const Viewers = later(() => import("./viewers.tsx").then((module) => module.Viewers));

/** A job's own page. */
export function JobDetail({ jobId }: { jobId: string }) {
  const { job, isGone, refusal, retry } = useJob(jobId);
  if (job !== undefined) {
    return (
      <PictureList jobIds={[jobId]} viewOf={() => job}>
        <Loaded job={job} />
      </PictureList>
    );
  }
  if (isGone) return <Removed />;
  if (refusal?.code === "NOT_FOUND" || refusal?.code === "INPUT_INVALID") {
    return (
      <>
        <h1 className="sr-only">{t`Job not found`}</h1>
        <EmptyState
          title={t`There is no such picture`}
          action={
            <Link href={paths.history} className={buttonClasses()}>
              {t`To the history`}
            </Link>
          }
        >
          {t`It may belong to someone else, or to another browser of yours: a guest's pictures stay with the browser that made them.`}
        </EmptyState>
      </>
    );
  }
  if (refusal !== null) {
    return (
      <Notice
        title={t`The job could not be loaded.`}
        action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
      >
        {refusal.message}
      </Notice>
    );
  }
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
      <h1 className="sr-only">{t`Loading the job`}</h1>
      <Skeleton className="aspect-square rounded-2xl" />
      <div className="space-y-4">
        <Skeleton className="h-10" />
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </div>
    </div>
  );
}

function Removed() {
  return (
    <>
      <h1 className="sr-only">{t`Job removed`}</h1>
      <EmptyState
        title={t`This picture was removed`}
        action={
          <Link href={paths.history} className={buttonClasses()}>
            {t`To the history`}
          </Link>
        }
      >
        {t`It is gone with its inputs, and so is every link at which it was shared.`}
      </EmptyState>
    </>
  );
}

function Loaded({ job }: { job: JobView }) {
  // A picture that is still to come is developed when it comes.
  const [wasOver] = useState(isTerminal(job.state));
  const line = statusLine(job);
  const title = jobTitle(job);
  const aspect = Math.min(2, Math.max(0.66, aspectOf(job)));
  return (
    <div className="grid items-start gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
      {job.outputs.length < 2 ? (
        <div className="panel overflow-hidden shadow-print lg:sticky lg:top-20">
          <div className="relative mx-auto max-h-[78vh]" style={{ aspectRatio: aspect }}>
            <JobPicture job={job} sizes="(min-width: 1024px) 60vw, 94vw" isEager={wasOver} />
          </div>
          {!isTerminal(job.state) && (
            <ProgressBar
              percent={job.state === "running" ? (job.progress?.percent ?? null) : job.state === "queued" ? 0 : null}
              label={t`Progress`}
              valueText={line}
              className="rounded-none!"
            />
          )}
        </div>
      ) : (
        <JobOutputs job={job} />
      )}
      <div className="min-w-0 space-y-7">
        <header className="space-y-3">
          <p className="flex items-center gap-2 font-medium tabular-nums">
            <StateIcon state={job.state} />
            {line}
          </p>
          <h1 className="font-display text-3xl leading-tight break-words">{shorten(title, 280)}</h1>
          {job.owner !== undefined && (
            <p className="text-sm text-muted" title={job.owner.ownerId}>
              {t`of ${ownerLabel(job.owner)}`}
            </p>
          )}
          <Viewers jobId={job.jobId} />
          {job.state === "queued" && job.waitReason !== null && <p className="text-warn">{tServer(job.waitReason)}</p>}
          {job.failure !== null && <FailureText job={job} />}
          <Actions job={job} />
        </header>
        {(Object.keys(job.inputs).length > 0 || job.seed !== null) && (
          <Section title={t`Inputs`}>
            <JobInputs job={job} />
          </Section>
        )}
        <Section title={t`Timeline`}>
          <JobTimeline job={job} />
        </Section>
        <JobProvenance job={job} />
        <Fold title={t`Workflow graph`}>{() => <LiveGraph job={job} />}</Fold>
        <Fold title={t`For programs`}>{() => <JobCode job={job} />}</Fold>
      </div>
    </div>
  );
}

/** The place of what comes later is kept, as large as it is for a picture that is shared or not. */
function Sharing({ output }: { output: Output }) {
  const size = useIsShared(output) ? "min-h-118 w-full sm:min-h-100" : "min-h-10 min-w-24";
  return (
    <div className={cx("flex flex-wrap content-start gap-2", size)}>
      <Share output={output} />
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel p-5">
      <h2 className="mb-4 font-display text-xl">{title}</h2>
      {children}
    </section>
  );
}

function Actions({ job }: { job: JobView }) {
  const router = useRouter();
  const repeat = useRepeat();
  const cancel = useCancelJobs();
  const isCanceling = useIsCanceling(job);
  const { ask, question } = useRunAgain(job);
  const [isStarting, setIsStarting] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const start = async (begin: () => Promise<SubmitResult>): Promise<void> => {
    setIsStarting(true);
    const result = await begin();
    setIsStarting(false);
    if (result.ok) router.push(paths.job(result.jobId));
    else setTrouble(result.refusal.message);
  };
  // With several outputs each has its own buttons below it, so the page's own would be ambiguous.
  const output = job.outputs.length === 1 ? job.outputs[0] : undefined;
  return (
    <div className="space-y-3 pt-1">
      {question}
      <div className="flex flex-wrap gap-2">
        {!isTerminal(job.state) ? (
          <Button look="danger" onClick={() => cancel([job])} disabled={isCanceling || job.state === "canceling"}>
            <Ban aria-hidden className="size-4" /> {t`Cancel`}
          </Button>
        ) : (
          <>
            {output !== undefined && (
              <a {...downloadOf(job, output)} className={buttonClasses({ look: "primary" })}>
                <Download aria-hidden className="size-4" /> {t`Download`}
              </a>
            )}
            {job.state !== "succeeded" && (
              <Button
                look="primary"
                disabled={isStarting}
                onClick={() => void ask(() => void start(() => repeat.retry(job)))}
              >
                <RotateCcw aria-hidden className="size-4" /> {t`Try again`}
              </Button>
            )}
            {job.state === "succeeded" && (
              <Button
                disabled={isStarting}
                title={t`The same inputs and the same seed`}
                onClick={() => void ask(() => void start(() => repeat.again(job)))}
              >
                <RotateCcw aria-hidden className="size-4" /> {t`Run again`}
              </Button>
            )}
            {job.seed !== null && (
              <Button
                disabled={isStarting}
                title={t`The same inputs with a new seed`}
                onClick={() => void start(() => repeat.vary(job))}
              >
                <Dices aria-hidden className="size-4" /> {t`Vary`}
              </Button>
            )}
            <Link href={paths.studioFrom(job.jobId)} className={buttonClasses()}>
              <SquarePen aria-hidden className="size-4" /> {t`Edit and run`}
            </Link>
          </>
        )}
      </div>
      {output?.kind === "image" && (
        <div className="flex flex-wrap gap-2">
          <UsePicture output={output} className={buttonClasses({ size: "small" })} />
        </div>
      )}
      {isTerminal(job.state) && (
        <div className="flex flex-wrap gap-2">
          {output !== undefined && <FavoriteButton job={job} output={output} className="size-10! border" />}
          {output?.kind === "image" && <Sharing output={output} />}
          <RemoveJob job={job} />
        </div>
      )}
      <Problem>{trouble}</Problem>
    </div>
  );
}
