"use client";

import type { JobView } from "@darkroom/contracts";
import { Ban, CheckCheck, Columns2, Download, Heart, RotateCcw, Trash2, X } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { t, tPlural } from "../../../language/say.ts";
import type { EachOf } from "../../../trpc/each-of.ts";
import { useBulk } from "../../../trpc/hooks/jobs/use-bulk.ts";
import { useFavorite } from "../../../trpc/hooks/jobs/use-favorite.ts";
import { useRemoveJobs } from "../../../trpc/hooks/jobs/use-remove-jobs.ts";
import { Button, buttonClasses, IconButton } from "../../../ui/button.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { showToast } from "../../../ui/toaster.tsx";
import { Compare } from "../compare/compare.tsx";
import { archiveOf } from "./archive.ts";
import { actionsOf } from "./selection.ts";

/** How long a deletion can be taken back, in ms. */
const UNDO_MS = 6000;

interface SelectionBarProps {
  /** The selected jobs, as they are now. */
  readonly jobs: readonly JobView[];
  /** Whether they are the visitor's own. */
  readonly isOwn: boolean;
  readonly onAll: () => void;
  readonly onClear: () => void;
}

/** What can be done with the selected jobs, each action with how many it takes. */
export function SelectionBar({ jobs, isOwn, onAll, onClear }: SelectionBarProps) {
  const mark = useFavorite();
  const { cancel, retry } = useBulk();
  const remove = useRemoveJobs();
  /** Of how many jobs or outputs an action is through with how many; null: nothing is being done. */
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const isBusy = progress !== null;
  const [compared, setCompared] = useState<readonly [JobView, JobView] | null>(null);
  const { outputs, markable, isAllFavorite, pair, cancelable, retryable, removable } = actionsOf(jobs);
  const archive = archiveOf(outputs);

  /** Does it to each, and says what came of it. */
  const run = async <Item,>(
    items: readonly Item[],
    act: (items: readonly Item[], onSettled: (done: number) => void) => Promise<EachOf<unknown>>,
    said: (count: number) => string,
  ): Promise<void> => {
    const total = items.length;
    setProgress({ done: 0, total });
    const { done, refused } = await act(items, (settled) => setProgress({ done: settled, total }));
    setProgress(null);
    const [first] = refused;
    if (first === undefined) void showToast({ text: said(done.length), look: "good" });
    else {
      const { message } = first.refusal;
      const text = done.length === 0 ? message : `${said(done.length)} ${t`${refused.length} not: ${message}`}`;
      void showToast({ text, look: "bad", stayMs: 10_000 });
    }
  };
  const removeAll = (): void => {
    const removal = remove(removable);
    onClear();
    void showToast({
      text: tPlural(removable.length, "{0} job deleted.", "{0} jobs deleted."),
      stayMs: UNDO_MS,
      action: { label: t`Undo`, run: removal.undo },
      onGone: () =>
        void removal.send().then((reason) => {
          if (reason !== null) void showToast({ text: t`Some came back. ${reason}`, look: "bad", stayMs: 10_000 });
        }),
    });
  };

  return (
    <section
      aria-label={t`Selected jobs`}
      data-bottom-bar
      className="fixed inset-x-0 bottom-0 z-30 animate-rise overflow-hidden border-t bg-raised/97 px-3 py-2.5 shadow-print backdrop-blur-sm sm:inset-x-auto sm:bottom-5 sm:left-1/2 sm:-translate-x-1/2 sm:rounded-2xl sm:border"
    >
      {progress !== null && (
        <ProgressBar
          className="absolute inset-x-0 top-0"
          percent={(100 * progress.done) / progress.total}
          label={t`Selected jobs`}
          valueText={t`${progress.done} of ${progress.total}`}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-1.5 sm:flex-nowrap sm:strip">
        <IconButton label={t`Clear the selection`} onClick={onClear}>
          <X aria-hidden className="size-4.5" />
        </IconButton>
        <p role="status" className="mr-2 font-medium whitespace-nowrap tabular-nums">
          {jobs.length === 0 ? t`Choose some` : t`${jobs.length} selected`}
        </p>
        {progress !== null && (
          <p className="whitespace-nowrap text-muted tabular-nums">{t`${progress.done} of ${progress.total}`}</p>
        )}
        <Action icon={CheckCheck} onClick={onAll}>
          {t`All shown`}
        </Action>
        {isOwn && markable.length > 0 && (
          <Action
            icon={Heart}
            disabled={isBusy}
            onClick={() =>
              void run(
                markable,
                (outputs, onSettled) => mark(outputs, !isAllFavorite, onSettled),
                (count) =>
                  isAllFavorite
                    ? t`${count} no longer marked.`
                    : tPlural(count, "{0} favorite marked.", "{0} favorites marked."),
              )
            }
          >
            {isAllFavorite ? t`Not favorite` : t`Favorite`}
          </Action>
        )}
        {archive !== null &&
          ("href" in archive ? (
            <a href={archive.href} download className={buttonClasses({ look: "quiet", size: "small" })}>
              <Download aria-hidden className="size-4" /> {t`Download`}
            </a>
          ) : (
            <Action icon={Download} onClick={() => void showToast({ text: archive.reason, look: "bad" })}>
              {t`Download`}
            </Action>
          ))}
        {pair !== null && (
          <Action icon={Columns2} onClick={() => setCompared(pair)}>
            {t`Compare`}
          </Action>
        )}
        {cancelable.length > 0 && (
          <Action
            icon={Ban}
            disabled={isBusy}
            onClick={() =>
              void run(cancelable, cancel, (count) =>
                tPlural(count, "{0} job asked to stop.", "{0} jobs asked to stop."),
              )
            }
          >
            {t`Cancel ${cancelable.length}`}
          </Action>
        )}
        {isOwn && retryable.length > 0 && (
          <Action
            icon={RotateCcw}
            disabled={isBusy}
            onClick={() =>
              void run(retryable, retry, (count) => tPlural(count, "{0} job tried again.", "{0} jobs tried again."))
            }
          >
            {t`Retry ${retryable.length} failed`}
          </Action>
        )}
        {removable.length > 0 && (
          <Action icon={Trash2} disabled={isBusy} className="hover:text-bad" onClick={removeAll}>
            {t`Delete ${removable.length}`}
          </Action>
        )}
      </div>
      {compared !== null && <ComparePair pair={compared} onClose={() => setCompared(null)} />}
    </section>
  );
}

interface ActionProps extends ComponentProps<"button"> {
  readonly icon: typeof X;
}

function Action({ icon: Icon, children, ...rest }: ActionProps) {
  return (
    <Button look="quiet" size="small" {...rest}>
      <Icon aria-hidden className="size-4" /> {children}
    </Button>
  );
}

function ComparePair({ pair: [a, b], onClose }: { pair: readonly [JobView, JobView]; onClose: () => void }) {
  const [left, right] = [a, b].map(({ outputs }) => outputs.find(({ kind }) => kind === "image"));
  if (left === undefined || right === undefined) return null;
  return (
    <Compare
      pictures={[
        { job: a, output: left },
        { job: b, output: right },
      ]}
      onClose={onClose}
    />
  );
}
