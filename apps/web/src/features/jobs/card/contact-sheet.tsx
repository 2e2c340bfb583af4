"use client";

import type { JobView } from "@darkroom/contracts";
import { Aperture } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { useFeedValue, useLiveJob, useSheet } from "../../../trpc/hooks/jobs/use-feed.ts";
import { useJobs } from "../../../trpc/hooks/jobs/use-jobs.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { later } from "../../../ui/later.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { PictureList } from "../lightbox/picture-list.tsx";
import { ExamplePrompts } from "./example-prompts.tsx";
import { JobCard } from "./job-card.tsx";
import { PendingCard } from "./pending-card.tsx";
import { sheetPlaces } from "./sheet-places.ts";

/** Not part of the first load: nothing waits for most visitors. */
const QueueStrip = later(() => import("./queue-strip.tsx").then((module) => module.QueueStrip));

/** Enough for a session; the history has them all. */
export const SHOWN = 24;

interface ContactSheetProps {
  readonly onReuseSeed: (job: JobView) => void;
  readonly onEdit: (job: JobView) => void;
  /** Shown while there is nothing yet. */
  readonly hint: string;
  /** Puts an example into the form. */
  readonly onPrompt: (prompt: string) => void;
}

const grid = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,16.5rem),1fr))] gap-4";

/** The visitor's newest jobs, each in one box from waiting to finished. */
export function ContactSheet({ onReuseSeed, onEdit, hint, onPrompt }: ContactSheetProps) {
  const { jobs, isLoading, refusal, retry } = useJobs({ limit: SHOWN });
  const { submissions, order, keys } = useSheet();
  // As text, so that progress, which changes no place, draws no sheet.
  const places = useFeedValue((state) =>
    sheetPlaces(
      state.order.flatMap((jobId) => state.jobs.get(jobId) ?? []),
      SHOWN,
    ).join(" "),
  );
  const isAnyWaiting = useFeedValue((state) => [...state.jobs.values()].some(({ state }) => state === "queued"));
  const newest = useNewestInView(submissions[0]?.key);
  // The page arrives with the list; the feed takes it over once the page stands.
  const first = new Map(jobs.map((job) => [job.jobId, job]));
  const shown = order.length > 0 ? places.split(" ") : sheetPlaces(jobs, SHOWN);
  const isEmpty = submissions.length === 0 && shown.length === 0;
  // One list, so that a job's card takes the place of its submission's and does not rise a second time.
  const cards = [
    ...submissions.map((submission) => ({ key: submission.key, card: <PendingCard submission={submission} /> })),
    ...shown.map((jobId, index) => ({
      key: keys.get(jobId) ?? jobId,
      card: (
        <SheetCard
          jobId={jobId}
          first={first.get(jobId)}
          isEager={index < 6 && first.has(jobId)}
          onReuseSeed={onReuseSeed}
          onEdit={onEdit}
        />
      ),
    })),
  ];

  return (
    <section aria-labelledby="sheet-heading" className="min-w-0 space-y-4 lg:col-start-2">
      <div ref={newest} className="flex min-h-9 scroll-mt-32 flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="sheet-heading" className="mr-auto font-display text-2xl">
          {t`Contact sheet`}
        </h2>
        {isAnyWaiting && <QueueStrip />}
        {!isEmpty && (
          <Link href={paths.history} className="rounded text-sm text-muted hover:text-ink hover:underline">
            {t`All pictures`}
          </Link>
        )}
      </div>
      {refusal !== null && (
        <Notice
          title={t`Earlier pictures could not be loaded.`}
          action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
        >
          {refusal.message}
        </Notice>
      )}
      {isEmpty && isLoading ? (
        <div className={grid}>
          {[1, 2, 3].map((key) => (
            <Skeleton key={key} className="aspect-[5/7] rounded-2xl" />
          ))}
        </div>
      ) : isEmpty ? (
        <EmptyState
          title={t`Nothing in the tray yet`}
          icon={<Aperture aria-hidden className="size-9" strokeWidth={1.25} />}
          action={<ExamplePrompts onChoose={onPrompt} />}
        >
          {hint}
        </EmptyState>
      ) : (
        <PictureList jobIds={shown} viewOf={(jobId) => first.get(jobId)}>
          <div className={grid}>
            {cards.map(({ key, card }) => (
              // What arrives with the page stands at once: a rise would only show it later.
              <div key={key} className={cx("grid min-w-0", !first.has(key) && "animate-rise")}>
                {card}
              </div>
            ))}
          </div>
        </PictureList>
      )}
    </section>
  );
}

/** Where the form fills the screen, brings the sheet into view for what was just asked for: its card is the first. */
function useNewestInView(key: string | undefined) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (key === undefined || !window.matchMedia("(max-width: 63.99rem)").matches) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    place.current?.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
  }, [key]);
  return place;
}

interface SheetCardProps {
  readonly jobId: string;
  /** As the page arrived with it. */
  readonly first: JobView | undefined;
  readonly isEager: boolean;
  readonly onReuseSeed: (job: JobView) => void;
  readonly onEdit: (job: JobView) => void;
}

/** Reads its own job, so that one job's progress draws one card and not the sheet. */
const SheetCard = memo(function SheetCard({ jobId, first, ...rest }: SheetCardProps) {
  const job = useLiveJob(jobId) ?? first;
  return job === undefined ? null : <JobCard job={job} {...rest} />;
});
