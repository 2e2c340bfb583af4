"use client";

import type { JobView } from "@darkroom/contracts";
import { ImagePlus, LoaderCircle } from "lucide-react";
import { debounce, useQueryStates } from "nuqs";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ComponentProps, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNow } from "../../../hooks/use-now.ts";
import { useSettled } from "../../../hooks/use-settled.ts";
import { useWidth } from "../../../hooks/use-width.ts";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { useLiveJobs } from "../../../trpc/hooks/jobs/use-feed.ts";
import { newestViewOf, useHistory } from "../../../trpc/hooks/jobs/use-history.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { later } from "../../../ui/later.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { PictureList } from "../lightbox/picture-list.tsx";
import { FirstJobs } from "./first-jobs.tsx";
import { everything, filterOf, type HistoryQuery, historyParsers, isNarrowed } from "./history-query.ts";
import { HistoryToolbar, SEARCH_FIELD, SELECT_BUTTON } from "./history-toolbar.tsx";
import type { Selecting } from "./select-box.tsx";
import { extended, nothing, type Selection, toggled } from "./selection.ts";

// The page arrives with the first jobs, and nothing is selected: what shows any number of them, and does something to many, comes later.
const VirtualJobs = later(() => import("./virtual-jobs.tsx").then((module) => module.VirtualJobs), FirstJobs);
const SelectionBar = later(() => import("./selection-bar.tsx").then((module) => module.SelectionBar));

interface HistoryListProps {
  /** Operators: everyone's jobs. */
  readonly all?: boolean;
}

/** Jobs newest first, to filter, search, scroll through and select. What is shown is in the address. */
export function HistoryList({ all = false }: HistoryListProps) {
  return (
    <NuqsAdapter>
      <Filtered all={all} />
    </NuqsAdapter>
  );
}

/** Browsers slow down an address that changes with each letter, and servers a search that does. */
const TYPING_MS = 250;

function Filtered({ all }: { all: boolean }) {
  const [query, setQuery] = useQueryStates(historyParsers, { limitUrlUpdates: debounce(TYPING_MS) });
  const [isSelecting, setIsSelecting] = useState(false);
  const now = useNow(60_000);
  const today = now === null ? "" : new Date(now).toDateString();
  const asked = useSettled(query, TYPING_MS);
  // A search waits for the typing to pause; a click does not.
  const settled = asked.q === query.q ? query : { ...query, q: asked.q };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the days that are asked for change with the day
  const filter = useMemo(() => filterOf(settled, new Date()), [JSON.stringify(settled), today]);
  return (
    <div className="space-y-2">
      <HistoryToolbar
        query={query}
        onChange={(changes) => void setQuery(changes)}
        hasFavorites={!all}
        isSelecting={isSelecting}
        onSelect={() => setIsSelecting(!isSelecting)}
      />
      <Jobs
        key={JSON.stringify(filter)}
        list={useHistory(filter, all)}
        query={settled}
        isOwn={!all}
        isSelecting={isSelecting}
        onSelecting={setIsSelecting}
        onShowAll={() => {
          void setQuery(everything);
          // The button is gone with what it stood in.
          document.getElementById(SEARCH_FIELD)?.focus();
        }}
      />
    </div>
  );
}

interface JobsProps {
  readonly list: ReturnType<typeof useHistory>;
  readonly query: HistoryQuery;
  /** Of others' jobs an operator neither marks pictures nor starts new ones. */
  readonly isOwn: boolean;
  /** Whether a click on a job selects it instead of opening it. */
  readonly isSelecting: boolean;
  readonly onSelecting: (isSelecting: boolean) => void;
  readonly onShowAll: () => void;
}

function Jobs({ list, query, isOwn, isSelecting, onSelecting, onShowAll }: JobsProps) {
  const { jobs, isLoading, isOutdated, isLoadingMore, loadMore, refusal, retry } = list;
  const [selection, setSelection] = useState<Selection>(nothing);
  const ids = useMemo(() => jobs.map(({ jobId }) => jobId), [jobs]);
  const views = useMemo(() => new Map(jobs.map((job) => [job.jobId, job])), [jobs]);
  const shown = useRef(ids);
  shown.current = ids;
  const select = useCallback(
    (jobId: string, extend: boolean) => {
      setSelection((held) => (extend ? extended(held, jobId, shown.current) : toggled(held, jobId)));
      onSelecting(true);
    },
    [onSelecting],
  );
  // What is gone is selected no longer.
  const selected = useMemo(() => new Set([...selection.ids].filter((jobId) => views.has(jobId))), [selection, views]);
  const selecting = useMemo<Selecting>(() => ({ isOn: isSelecting, select }), [isSelecting, select]);
  const clear = (): void => {
    onSelecting(false);
    // From the bar, which goes.
    if (document.activeElement?.closest("[data-bottom-bar]")) document.getElementById(SELECT_BUTTON)?.focus();
  };
  // Whoever ends it, here or above the list, begins with nothing the next time.
  useEffect(() => {
    if (!isSelecting) setSelection(nothing);
  }, [isSelecting]);

  if (refusal !== null && jobs.length === 0) {
    return (
      <Notice
        title={t`The list could not be loaded.`}
        action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
      >
        {refusal.message}
      </Notice>
    );
  }
  if (isLoading) return <Loading look={query.view} />;
  if (jobs.length === 0) return <Nothing isNarrowed={isNarrowed(query)} onShowAll={onShowAll} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape ends the selection wherever in the list the focus is
    <div
      aria-busy={isOutdated}
      className={cx("transition-opacity", isOutdated && "opacity-60", isSelecting && "pb-20")}
      onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && clear()}
    >
      <PictureList jobIds={ids} viewOf={(jobId) => views.get(jobId)} isOwn={isOwn} onEnd={loadMore}>
        <Measured
          jobs={jobs}
          look={query.view}
          isOwn={isOwn}
          selected={selected}
          selecting={selecting}
          onEnd={loadMore}
        />
      </PictureList>
      {isLoadingMore && (
        <p role="status" className="flex justify-center gap-2 py-6 text-sm text-muted">
          <LoaderCircle aria-hidden className="size-4 animate-spin" /> {t`Loading earlier jobs`}
        </p>
      )}
      {refusal !== null && (
        <Notice
          title={t`Earlier jobs could not be loaded.`}
          action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
        >
          {refusal.message}
        </Notice>
      )}
      {isSelecting && (
        <Selected
          jobs={jobs.filter(({ jobId }) => selected.has(jobId))}
          isOwn={isOwn}
          onAll={() => setSelection({ ids: new Set(ids), anchor: null })}
          onClear={clear}
        />
      )}
    </div>
  );
}

/** The jobs, in a list that knows its width: it is measured with the page, and what needs it may come later. */
function Measured(props: Omit<ComponentProps<typeof VirtualJobs>, "width">) {
  const list = useRef<HTMLDivElement>(null);
  const width = useWidth(list);
  return (
    <div ref={list}>
      <VirtualJobs {...props} width={width} />
    </div>
  );
}

/** Over the jobs as they are now, because what can be done with them changes while they run. */
function Selected({
  jobs,
  ...rest
}: {
  jobs: readonly JobView[];
  isOwn: boolean;
  onAll: () => void;
  onClear: () => void;
}) {
  const live = useLiveJobs();
  return <SelectionBar jobs={jobs.map((job) => newestViewOf(live, job))} {...rest} />;
}

function Loading({ look }: { look: HistoryQuery["view"] }) {
  return (
    <div
      className={
        look === "grid"
          ? "grid grid-cols-[repeat(auto-fill,minmax(min(45%,12rem),1fr))] gap-2.5 pt-13"
          : "space-y-1.5 pt-13"
      }
    >
      {Array.from({ length: 12 }, (_, nth) => nth).map((key) => (
        <Skeleton key={key} className={cx("rounded-xl", look === "grid" ? "aspect-square" : "h-21")} />
      ))}
    </div>
  );
}

function Nothing({ isNarrowed: isFiltered, onShowAll }: { isNarrowed: boolean; onShowAll: () => void }) {
  return isFiltered ? (
    <EmptyState title={t`Nothing fits`} action={<Button onClick={onShowAll}>{t`Show everything`}</Button>}>
      {t`Try another word, or fewer of the filters above.`}
    </EmptyState>
  ) : (
    <EmptyState
      title={t`Your pictures will hang here`}
      icon={<ImagePlus aria-hidden className="size-9" strokeWidth={1.25} />}
      action={
        <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
          {t`Make the first one`}
        </Link>
      }
    >
      {t`Each job you start is kept with its inputs and its seed, so that you can look again, run it again, or change a word and see what happens.`}
    </EmptyState>
  );
}
