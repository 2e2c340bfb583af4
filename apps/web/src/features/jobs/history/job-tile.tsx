"use client";

import { isTerminal, type JobView, thumbnailUrl } from "@darkroom/contracts";
import { Ban, ImageOff, Layers, Play } from "lucide-react";
import { memo } from "react";
import { shorten } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { useNewestView } from "../../../trpc/hooks/jobs/use-history.ts";
import { cx } from "../../../ui/class-names.ts";
import { Link } from "../../../ui/link.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { jobTitle } from "../job-title.ts";
import { useOpenPicture } from "../open-picture.ts";
import { drag } from "../output/drag.ts";
import { FavoriteButton } from "../output/favorite-button.tsx";
import { isSeen } from "../output/output-kind.ts";
import { OutputThumbnail } from "../output/output-thumbnail.tsx";
import { ownerLabel } from "../owner-label.ts";
import { StateIcon } from "../state-icon.tsx";
import { shortLine, statusLine } from "../status-line.ts";
import { SelectBox, type Selecting } from "./select-box.tsx";

interface JobTileProps {
  readonly job: JobView;
  /** Whether it is the visitor's own. */
  readonly isOwn: boolean;
  readonly selecting: Selecting;
  readonly isSelected: boolean;
  /** How wide it is on the page, in pixels. */
  readonly width: number;
}

/** A job as its picture, with what can be done on hover and focus. A click opens the picture; its words lead to its page. */
export const JobTile = memo(function JobTile({ job: listed, isOwn, selecting, isSelected, width }: JobTileProps) {
  const job = useNewestView(listed);
  const open = useOpenPicture();
  const title = shorten(jobTitle(job), 240);
  const shown = job.outputs.find(isSeen) ?? job.outputs[0];
  const isPicture = shown !== undefined && isSeen(shown);
  return (
    <article
      aria-label={shorten(title, 80)}
      className={cx(
        "group/tile paper relative size-full overflow-hidden rounded-xl transition-shadow",
        isSelected && "ring-3 ring-safelight ring-offset-2 ring-offset-(--ground)",
      )}
    >
      {shown === undefined ? (
        <Blank job={job} />
      ) : shown.kind === "image" && shown.thumbnailUrl !== null ? (
        // biome-ignore lint/performance/noImgElement: our own origin serves the sizes we store
        <img
          src={shown.thumbnailUrl}
          srcSet={`${shown.thumbnailUrl} 384w, ${thumbnailUrl(shown.outputId, 768)} 768w`}
          sizes={`${width}px`}
          alt={title}
          decoding="async"
          className="absolute inset-0 size-full object-cover"
        />
      ) : (
        <div className="absolute inset-0 grid place-items-center">
          <OutputThumbnail output={shown} />
        </div>
      )}
      {isPicture && open !== null && (
        <button
          type="button"
          aria-label={t`Enlarge: ${shorten(title, 80)}`}
          draggable
          onDragStart={(event) => drag(event, shown.outputId)}
          onClick={() => open(shown.outputId)}
          className="absolute inset-0 cursor-zoom-in -outline-offset-4"
        />
      )}
      <Caption job={job} title={title} isPicture={isPicture} />
      {shown !== undefined && job.outputs.length > 1 && (
        <p className="pointer-events-none absolute right-2 bottom-2 flex items-center gap-1 rounded-full bg-[rgb(8_6_5/0.72)] px-2 py-0.5 text-xs font-medium text-[#f4ece5] tabular-nums group-hover/tile:opacity-0 group-focus-within/tile:opacity-0">
          <Layers aria-hidden className="size-3" />
          <span className="sr-only">{t`Files:`} </span>
          {job.outputs.length}
        </p>
      )}
      {shown?.kind === "video" && (
        <Play
          aria-hidden
          className="pointer-events-none absolute inset-0 m-auto size-9 fill-[#f4ece5] text-[#f4ece5] drop-shadow-lg"
        />
      )}
      {shown !== undefined && isOwn && (
        <div
          className={cx(
            "absolute top-1.5 right-1.5 transition-opacity",
            !job.outputs.some((output) => output.favorite) && "reveal",
          )}
        >
          <FavoriteButton
            job={job}
            output={shown}
            className="bg-[rgb(8_6_5/0.6)] text-[#f4ece5]! hover:bg-[rgb(8_6_5/0.85)]! aria-pressed:text-[#ff7a4d]!"
          />
        </div>
      )}
      <SelectBox job={job} title={title} selecting={selecting} isSelected={isSelected} />
    </article>
  );
});

/** What it is of, and for what is no finished picture where it stands. */
function Caption({ job, title, isPicture }: { job: JobView; title: string; isPicture: boolean }) {
  const line = statusLine(job);
  return (
    <div
      className={cx(
        "pointer-events-none absolute inset-x-0 bottom-0 flex flex-col gap-1 p-2.5 text-sm",
        isPicture &&
          "reveal bg-linear-to-t from-[rgb(8_6_5/0.88)] via-[rgb(8_6_5/0.62)] to-transparent pt-10 text-[#f4ece5]",
      )}
    >
      {!isPicture && (
        <p className="flex items-start gap-1.5 text-xs text-muted tabular-nums">
          <StateIcon state={job.state} className="mt-px size-3.5" />
          <span className="line-clamp-2">{shortLine(job)}</span>
        </p>
      )}
      <Link
        href={paths.job(job.jobId)}
        className="pointer-events-auto line-clamp-2 rounded leading-snug hover:underline"
      >
        {title}
      </Link>
      {job.owner !== undefined && (
        <p className={cx("truncate text-xs", !isPicture && "text-muted")} title={job.owner.ownerId}>
          {t`of ${ownerLabel(job.owner)}`}
        </p>
      )}
      {!isTerminal(job.state) && job.state === "running" && (
        <ProgressBar
          percent={job.progress?.percent ?? null}
          label={t`Progress of ${shorten(title, 60)}`}
          valueText={line}
        />
      )}
    </div>
  );
}

function Blank({ job }: { job: JobView }) {
  return (
    <div className="absolute inset-0 grid place-items-center pb-10">
      {job.state === "failed" ? (
        <ImageOff aria-hidden className="size-7 text-bad/70" />
      ) : job.state === "canceled" ? (
        <Ban aria-hidden className="size-7 text-faint/70" />
      ) : isTerminal(job.state) ? null : (
        <span aria-hidden className={cx("ember size-20", job.state === "running" ? "animate-breathe" : "opacity-35")} />
      )}
    </div>
  );
}
