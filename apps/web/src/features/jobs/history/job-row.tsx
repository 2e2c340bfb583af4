import type { JobView } from "@darkroom/contracts";
import { Ban, ImageOff } from "lucide-react";
import { shorten } from "../../../format.ts";
import { t, tServer } from "../../../language/say.ts";
import { workflowText } from "../../../language/workflow-text.ts";
import { paths } from "../../../paths.ts";
import { Link } from "../../../ui/link.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { TimeAgo } from "../../../ui/time-ago.tsx";
import { jobTitle } from "../job-title.ts";
import { isSeen } from "../output/output-kind.ts";
import { OutputThumbnail } from "../output/output-thumbnail.tsx";
import { ownerLabel } from "../owner-label.ts";
import { RemoveJob } from "../remove-job.tsx";
import { RepeatButtons } from "../repeat-buttons.tsx";
import { SeedBadge } from "../seed-badge.tsx";
import { StateIcon } from "../state-icon.tsx";
import { shortLine, statusLine } from "../status-line.ts";

/** A job in a list: thumbnail, what, where it stands, with which seed, when. The whole row is its link. */
export function JobRow({ job, canRemove = false }: { job: JobView; canRemove?: boolean }) {
  const title = jobTitle(job);
  const line = statusLine(job);
  return (
    <div className="relative flex items-center gap-4 p-3 max-[24rem]:gap-3 transition-colors hover:bg-raised">
      <Thumbnail job={job} />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="line-clamp-1 font-medium">
          <Link href={paths.job(job.jobId)} className="after:absolute after:inset-0">
            {shorten(title, 240)}
          </Link>
        </p>
        <p className="flex items-center gap-2 text-sm text-muted tabular-nums">
          <StateIcon state={job.state} />
          <span className={job.failure === null ? "text-pretty" : "line-clamp-2"}>
            {job.failure === null ? shortLine(job) : `${line}: ${tServer(job.failure.message)}`}
          </span>
        </p>
        {job.state === "running" && (
          <ProgressBar
            percent={job.progress?.percent ?? null}
            label={t`Progress of ${shorten(title, 60)}`}
            valueText={line}
          />
        )}
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
          <span>
            {workflowText(job.workflow.slug, job.workflow.name)}
            {job.owner !== undefined && <span title={job.owner.ownerId}> {t`of ${ownerLabel(job.owner)}`}</span>}
          </span>
          <span aria-hidden>·</span>
          <TimeAgo at={job.createdAt} />
          {job.seed !== null && <SeedBadge seed={job.seed} className="relative z-1 mx-0! -my-1 -ml-1.5!" />}
        </div>
      </div>
      {canRemove && (
        // Above the row's link, which covers all of it. On the narrowest phones jobs are selected to be deleted.
        <div className="relative z-1 flex shrink-0 max-[24rem]:hidden">
          <RepeatButtons
            job={job}
            isSmall
            className="grid size-9 place-items-center rounded-lg text-muted hover:bg-raised hover:text-ink max-sm:hidden"
          />
          <RemoveJob job={job} isSmall />
        </div>
      )}
    </div>
  );
}

function Thumbnail({ job }: { job: JobView }) {
  const output = job.outputs.find(isSeen) ?? job.outputs[0];
  return (
    <div className="paper grid size-16 shrink-0 place-items-center overflow-hidden rounded-lg">
      {output !== undefined ? (
        <OutputThumbnail output={output} />
      ) : job.state === "failed" ? (
        <ImageOff aria-hidden className="size-5 text-bad/70" />
      ) : job.state === "canceled" ? (
        <Ban aria-hidden className="size-5 text-faint" />
      ) : (
        <span aria-hidden className="ember size-14 animate-breathe" />
      )}
    </div>
  );
}
