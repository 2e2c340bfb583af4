"use client";

import { t, tPlural } from "../../../language/say.ts";
import { useRoom } from "../../../trpc/hooks/jobs/use-batch.ts";
import { useRemaining } from "../../../trpc/hooks/workflows/use-submit.ts";
import type { Expanded } from "./sweep.ts";

/** How many jobs a click makes, and how many of them cannot begin to wait at once: said before they are sent. */
export function PlanNote({ jobs, formula, problem }: Expanded) {
  const { maxWaiting, waiting } = useRoom();
  const remaining = useRemaining();
  if (problem !== null) return <p className="text-sm text-bad">{problem}</p>;
  const now = Math.min(jobs.length, Math.max(0, maxWaiting - waiting));
  const later = jobs.length - now;
  const beyond = remaining === null ? 0 : jobs.length - remaining.generations;
  return (
    <p role="status" className="text-xs text-muted tabular-nums">
      <span className="font-medium text-ink">{tPlural(jobs.length, "{0} picture", "{0} pictures")}</span>
      {formula !== String(jobs.length) && ` (${formula})`}.
      {later > 0 &&
        ` ${t`${maxWaiting} of yours may wait at once: ${now} go now, ${later} as room appears, while this tab is open.`}`}
      {beyond > 0 && ` ${t`${beyond} more than this hour's limit leaves: they go when it allows.`}`}
    </p>
  );
}
