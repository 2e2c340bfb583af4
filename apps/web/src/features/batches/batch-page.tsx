"use client";

import { type InputValue, type InputValues, isTerminal, type JobView } from "@darkroom/contracts";
import { Ban, List, RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { shorten } from "../../format.ts";
import { t } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";
import { paths } from "../../paths.ts";
import { useBatch } from "../../trpc/hooks/jobs/use-batch.ts";
import { toRefusal } from "../../trpc/refusal.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { labelOf } from "../jobs/job-title.ts";
import { PictureList } from "../jobs/lightbox/picture-list.tsx";
import { BatchCell, UnsentCell } from "./batch-cell.tsx";
import { type Axis, type Grid, gridOf, newestTries } from "./batch-grid.ts";
import { batchTitle, summaryOf, summaryText } from "./batch-summary.ts";
import { OutgoingNote } from "./outgoing-note.tsx";

/** A place of the grid: a job, or inputs that are still to be sent. */
interface Place {
  readonly key: string;
  readonly inputs: InputValues;
  readonly jobId?: string;
  readonly retryOf: string | null;
  readonly job: JobView | null;
}

/** A batch at its own address: its pictures in one grid by what differs between them, each with its state. */
export function BatchPage({ batchId }: { readonly batchId: string }) {
  const batch = useBatch(batchId);
  const { jobs, outgoing, isLoading, refusal, reload } = batch;
  const [trouble, setTrouble] = useState<string | null>(null);
  const unsent = outgoing?.unsent ?? [];
  const places = useMemo<Place[]>(() => {
    const sent = jobs.map((job) => ({ key: job.jobId, ...job, job }));
    const left = unsent.map(({ inputs, retryOf = null }, nth) => ({
      key: `unsent ${nth}`,
      inputs,
      retryOf,
      job: null,
    }));
    return newestTries<Place>([...sent, ...left]);
  }, [jobs, unsent]);
  const shown = places.flatMap(({ job }) => job ?? []);
  const heading = shorten(
    batchTitle(jobs) ?? (outgoing && workflowText(outgoing.workflow.slug, outgoing.workflow.name)) ?? t`A batch`,
    160,
  );

  if (places.length === 0) {
    return isLoading ? (
      <div className="space-y-4">
        <h1 className="sr-only">{t`Loading the batch`}</h1>
        <Skeleton className="h-10 w-96" />
        <Skeleton className="h-120 rounded-2xl" />
      </div>
    ) : (
      <>
        <h1 className="sr-only">{t`Batch not found`}</h1>
        {refusal !== null && refusal.code !== "INPUT_INVALID" ? (
          <Notice
            title={t`The batch could not be loaded.`}
            action={<Button onClick={() => void reload()}>{t`Try again`}</Button>}
          >
            {refusal.message}
          </Notice>
        ) : (
          <EmptyState
            title={t`There is no such batch`}
            action={
              <Link href={paths.history} className={buttonClasses()}>
                {t`To the history`}
              </Link>
            }
          >
            {t`It may belong to someone else, or its pictures were removed.`}
          </EmptyState>
        )}
      </>
    );
  }
  const isOpen = unsent.length > 0 || shown.some(({ state }) => !isTerminal(state));
  const failed = shown.filter(({ state }) => state === "failed" || state === "canceled");
  return (
    <div data-wide className="space-y-5">
      <header className="space-y-2">
        <h1 className="font-display text-3xl leading-tight break-words">{heading}</h1>
        <p role="status" className="text-muted tabular-nums">
          {summaryText(summaryOf(jobs, unsent))}
        </p>
        <div className="flex flex-wrap gap-2 pt-1">
          {isOpen && (
            <Button
              look="danger"
              onClick={() =>
                batch.cancelRest().then(
                  () => setTrouble(null),
                  (error) => setTrouble(toRefusal(error).message),
                )
              }
            >
              <Ban aria-hidden className="size-4" /> {t`Cancel the rest`}
            </Button>
          )}
          {failed.length > 0 && (
            <Button onClick={() => batch.repeat(failed)}>
              <RotateCcw aria-hidden className="size-4" />
              {t`Try ${failed.length} again`}
            </Button>
          )}
          <Link href={`${paths.history}?batch=${encodeURIComponent(batchId)}`} className={buttonClasses()}>
            <List aria-hidden className="size-4" /> {t`In the history`}
          </Link>
        </div>
        <Problem>{trouble}</Problem>
      </header>
      {outgoing !== undefined && <OutgoingNote outgoing={outgoing} onResume={batch.resume} />}
      <PictureList jobIds={shown.map(({ jobId }) => jobId)} viewOf={(id) => shown.find(({ jobId }) => jobId === id)}>
        <BatchTable grid={gridOf(places)} onRepeat={(job) => batch.repeat([job])} />
      </PictureList>
    </div>
  );
}

const valueText = (value: InputValue): string => (typeof value === "object" ? t`a file` : shorten(String(value), 60));
const axisText = (axis: Axis | null, value: InputValue | null): string[] =>
  axis === null || value === null ? [] : [`${labelOf(axis.name)} ${valueText(value)}`];

function BatchTable({ grid, onRepeat }: { readonly grid: Grid<Place>; readonly onRepeat: (job: JobView) => void }) {
  const { rows, columns, cells } = grid;
  const cellOf = ({ key, job, inputs }: Place, axes: readonly string[]) => {
    const seed = typeof inputs.seed === "number" ? [t`Seed ${inputs.seed}`] : [];
    const label = (axes.length > 0 ? [...axes, ...seed] : seed).join(", ") || t`Picture`;
    return job === null ? (
      <UnsentCell key={key} label={label} />
    ) : (
      <BatchCell key={key} job={job} label={label} onRepeat={onRepeat} />
    );
  };
  if (columns === null) {
    return (
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(45%,12rem),1fr))] gap-3">
        {cells.flat(2).map((place) => cellOf(place, []))}
      </div>
    );
  }
  return (
    // Many columns are wider than a screen; the table scrolls within the page, by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section aria-label={t`Grid of the batch`} tabIndex={0} className="overflow-x-auto pb-2">
      <table
        // Every column is as wide as the others, whatever stands in it at the moment; few of them leave no margin.
        className="table-fixed border-separate border-spacing-2 text-sm"
        style={{
          width: `max(100%, ${columns.values.length * 11 + (rows === null ? 0 : 5)}rem)`,
          maxWidth: `${columns.values.length * 26 + 6}rem`,
        }}
      >
        <caption className="pb-1 text-left text-xs text-faint">
          {labelOf(columns.name)} →{rows !== null && <> {labelOf(rows.name)} ↓</>}
        </caption>
        <thead>
          <tr>
            {rows !== null && <td className="w-12 sm:w-20" />}
            {columns.values.map((value) => (
              <th key={String(value)} scope="col" className="px-1 text-left align-bottom font-medium break-words">
                {valueText(value)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, nth) => {
            const rowValue = rows?.values[nth] ?? null;
            return (
              <tr key={rowValue === null ? "only" : String(rowValue)}>
                {rowValue !== null && (
                  <th scope="row" className="pr-2 text-left align-top font-medium break-words">
                    {valueText(rowValue)}
                  </th>
                )}
                {columns.values.map((value, column) => (
                  <td key={String(value)} className="align-top">
                    <div className="grid gap-2">
                      {(row[column] ?? []).map((place) =>
                        cellOf(place, [...axisText(rows, rowValue), ...axisText(columns, value)]),
                      )}
                    </div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
