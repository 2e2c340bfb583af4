"use client";

import { ChevronRight, Grid3x3 } from "lucide-react";
import { shorten } from "../../format.ts";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useBatch } from "../../trpc/hooks/jobs/use-batch.ts";
import { Link } from "../../ui/link.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { batchTitle, summaryOf, summaryText } from "./batch-summary.ts";
import { OutgoingNote } from "./outgoing-note.tsx";

/** The batches of the moment, each as a line that leads to its grid. */
export function BatchStrip({ batchIds }: { readonly batchIds: readonly string[] }) {
  return (
    <ul aria-label={t`Batches`} className="space-y-2">
      {batchIds.map((batchId) => (
        <BatchLine key={batchId} batchId={batchId} />
      ))}
    </ul>
  );
}

function BatchLine({ batchId }: { readonly batchId: string }) {
  const { jobs, outgoing, isLoading, resume } = useBatch(batchId);
  const unsent = outgoing?.unsent ?? [];
  const summary = summaryOf(jobs, unsent);
  if (summary.total === 0) return isLoading ? <Skeleton className="h-16.5 rounded-2xl" /> : null;
  return (
    <li className="space-y-2">
      <Link
        href={paths.batch(batchId)}
        className="panel flex items-center gap-3 overflow-hidden p-3 text-sm hover:border-edge"
      >
        <Grid3x3 aria-hidden className="size-5 shrink-0 text-safelight" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{shorten(batchTitle(jobs) ?? t`A batch`, 120)}</span>
          <span className="block text-muted tabular-nums">{summaryText(summary)}</span>
        </span>
        <span className="flex shrink-0 items-center text-muted">
          {t`Grid`} <ChevronRight aria-hidden className="size-4" />
        </span>
      </Link>
      {outgoing !== undefined && <OutgoingNote outgoing={outgoing} onResume={resume} />}
    </li>
  );
}
