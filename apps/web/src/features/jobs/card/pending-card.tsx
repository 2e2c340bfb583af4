import { LoaderCircle } from "lucide-react";
import { shorten } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import type { Submission } from "../../../trpc/feed/feed-state.ts";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { jobTitle } from "../job-title.ts";

/** A job in the moment before the server has answered; the same size and place as its card will have. */
export function PendingCard({ submission }: { submission: Submission }) {
  const title = jobTitle(submission);
  return (
    <article aria-label={shorten(title, 80)} aria-busy className="panel flex flex-col overflow-hidden">
      <div className="paper relative grid aspect-square place-items-center">
        <span aria-hidden className="ember size-28 opacity-35" />
      </div>
      <ProgressBar
        percent={0}
        label={t`Progress of ${shorten(title, 60)}`}
        valueText={t`Queued`}
        className="rounded-none!"
      />
      <div className="flex flex-1 flex-col gap-2 p-4">
        <div className="flex items-center gap-2 text-sm">
          <LoaderCircle aria-hidden className="size-4 animate-spin text-muted" />
          <p className="font-medium">{t`Queued · sending`}</p>
        </div>
        <p className="line-clamp-2 text-sm text-muted">{title}</p>
        <p className="mt-auto flex min-h-9 items-center pt-1 text-xs text-faint">{t`just now`}</p>
      </div>
    </article>
  );
}
