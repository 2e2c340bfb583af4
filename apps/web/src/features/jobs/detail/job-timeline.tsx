"use client";

import type { JobView } from "@darkroom/contracts";
import { formatSeconds } from "../../../format.ts";
import { formatMoment } from "../../../format-dates.ts";
import { useZone } from "../../../hooks/use-zone.ts";
import { t } from "../../../language/say.ts";
import { useTimeline } from "../../../trpc/hooks/jobs/use-job.ts";
import { cx } from "../../../ui/class-names.ts";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { secondsSince, type TimelineItem, timelineText } from "./timeline-text.ts";

const dots: Readonly<Record<string, string>> = {
  "job.succeeded": "bg-good",
  "job.failed": "bg-bad",
  "job.retried": "bg-warn",
};

/** Everything that happened to a job, with the time each step took. */
export function JobTimeline({ job }: { job: JobView }) {
  const zone = useZone();
  const entries = useTimeline(job.jobId, job.version) as readonly TimelineItem[] | undefined;
  if (entries === undefined) return <Skeleton className="h-48" />;
  return (
    <ol className="relative space-y-3 before:absolute before:inset-y-2 before:left-[0.3125rem] before:w-px before:bg-line">
      {entries.map((entry, index) => {
        const { title, detail } = timelineText(entry);
        const seconds = secondsSince(entries, index);
        const isNewAttempt = entry.type === "job.started" && entry.attempt > 1;
        return (
          <li
            key={`${entry.at}-${entry.type}-${JSON.stringify(entry.payload)}`}
            className="relative flex gap-4 pl-6 text-sm"
          >
            <span
              aria-hidden
              className={cx(
                "absolute top-1.5 left-0 size-2.75 rounded-full ring-4 ring-surface",
                dots[entry.type] ?? "bg-edge",
              )}
            />
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {title}
                {isNewAttempt && <span className="ml-2 font-normal text-faint">{t`attempt ${entry.attempt}`}</span>}
              </p>
              {detail !== null && <p className="break-words text-muted">{detail}</p>}
            </div>
            <time dateTime={entry.at} title={formatMoment(entry.at, zone)} className="shrink-0 text-faint tabular-nums">
              {seconds === null ? "" : `+${formatSeconds(seconds)}`}
            </time>
          </li>
        );
      })}
    </ol>
  );
}
