"use client";

import { formatAgo, formatMoments } from "../format-dates.ts";
import { useNow } from "../hooks/use-now.ts";

/** A moment, relative to now; the whole date and zone in its title. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={now === null ? undefined : formatMoments(at)} className="tabular-nums">
      {now === null ? "" : formatAgo(at, now)}
    </time>
  );
}
