"use client";

import { isTerminal, type JobState, type JobView } from "@darkroom/contracts";
import { ImagePlus, Search } from "lucide-react";
import Link from "next/link";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { paths } from "../../../paths.ts";
import { useJobs } from "../../../trpc/hooks/use-jobs.ts";
import { Button, buttonClasses } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { LoadMore } from "../../../ui/load-more.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { JobRow } from "./job-row.tsx";

const filters: readonly { readonly name: string; readonly states: JobState[] | undefined }[] = [
  { name: "All", states: undefined },
  { name: "Open", states: ["queued", "running", "canceling"] },
  { name: "Succeeded", states: ["succeeded"] },
  { name: "Failed", states: ["failed"] },
  { name: "Canceled", states: ["canceled"] },
];

interface HistoryListProps {
  /** Operators: everyone's jobs. */
  readonly all?: boolean;
}

/** Jobs newest first, to filter, search and scroll through. */
export function HistoryList({ all }: HistoryListProps) {
  const [filter, setFilter] = useState(0);
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const states = filters[filter]?.states;
  const query = useJobs({ states, search: search === "" ? undefined : search, all, limit: 30 });
  const isFiltered = states !== undefined || search !== "";

  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-3">
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">State</legend>
          {filters.map(({ name }, index) => (
            <button
              key={name}
              type="button"
              aria-pressed={index === filter}
              onClick={() => setFilter(index)}
              className={cx(
                "min-h-9 rounded-full border px-3.5 text-sm transition-colors",
                index === filter
                  ? "border-safelight bg-safelight/10 text-ink"
                  : "text-muted hover:border-edge hover:text-ink",
              )}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <div className="relative min-w-52 flex-1 sm:max-w-80 sm:ml-auto">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
          />
          <input
            type="search"
            aria-label="Search"
            placeholder="Search in prompts"
            className="field pl-9"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      <Rows query={query} isFiltered={isFiltered} />
    </div>
  );
}

function Rows({ query, isFiltered }: { query: ReturnType<typeof useJobs>; isFiltered: boolean }) {
  const { jobs, isLoading, isLoadingMore, hasMore, loadMore, refusal, retry } = query;
  if (refusal !== null && jobs.length === 0) {
    return (
      <Notice title="The list could not be loaded." action={<Button onClick={() => void retry()}>Try again</Button>}>
        {refusal.message}
      </Notice>
    );
  }
  if (isLoading) {
    return (
      <div className="space-y-2">
        {[1, 2, 3, 4, 5, 6].map((key) => (
          <Skeleton key={key} className="h-22 rounded-xl" />
        ))}
      </div>
    );
  }
  if (jobs.length === 0) {
    return isFiltered ? (
      <EmptyState title="Nothing fits">Try another word or another state.</EmptyState>
    ) : (
      <EmptyState
        title="Your pictures will hang here"
        icon={<ImagePlus aria-hidden className="size-9" strokeWidth={1.25} />}
        action={
          <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
            Make the first one
          </Link>
        }
      >
        Each job you start is kept with its inputs and its seed, so that you can look again, run it again, or change a
        word and see what happens.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="panel divide-y overflow-hidden">
        {jobs.map((job: JobView) => (
          <li key={job.jobId} className={cx(!isTerminal(job.state) && "bg-safelight/4")}>
            <JobRow job={job} canRemove />
          </li>
        ))}
      </ul>
      {hasMore && <More isLoading={isLoadingMore} onMore={loadMore} />}
    </>
  );
}

/** Loads the next page when it comes into view, or by its button. */
function More({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  const load = useRef(onMore);
  useEffect(() => {
    load.current = onMore;
  }, [onMore]);
  useEffect(() => {
    const { current } = mark;
    if (current === null || isLoading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      rootMargin: "400px",
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [isLoading]);
  return <LoadMore ref={mark} isLoading={isLoading} onMore={onMore} />;
}
