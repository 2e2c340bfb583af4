"use client";

import type { JobView } from "@darkroom/contracts";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { formatDay } from "../../../format-dates.ts";
import { useNow } from "../../../hooks/use-now.ts";
import { usePlace } from "../../../hooks/use-place.ts";
import { useWidth } from "../../../hooks/use-width.ts";
import { JobTile } from "./job-tile.tsx";
import { GAP, gridOf, rowsOf } from "./layout.ts";
import type { Selecting } from "./select-box.tsx";
import { SelectableRow } from "./selectable-row.tsx";

const DAY_HEIGHT = 52;
/** Height of a job's row in pixels, until the browser has measured it: a long reason makes it higher. */
const ROW_HEIGHT = 90;
/** The next page is requested this many rows before the end, so that it is there when the end comes into view. */
const AHEAD = 6;

interface VirtualJobsProps {
  readonly jobs: readonly JobView[];
  readonly look: "grid" | "rows";
  /** Whether they are the visitor's own. */
  readonly isOwn: boolean;
  readonly selected: ReadonlySet<string>;
  readonly selecting: Selecting;
  readonly onEnd: () => void;
}

/** Any number of jobs, of which only those near the window are in the page. */
export function VirtualJobs({ jobs, look, isOwn, selected, selecting, onEnd }: VirtualJobsProps) {
  const list = useRef<HTMLDivElement>(null);
  const width = useWidth(list);
  const [top, setTop] = useState(0);
  const { columns, tile } = look === "grid" ? gridOf(width) : { columns: 1, tile: width };
  // A day changes at midnight, which a minute's delay does no harm to.
  const now = useNow(60_000);
  const today = now === null ? "" : new Date(now).toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: names of days change with the day, not with the minute
  const dayOf = useCallback(
    memoized((iso: string) => formatDay(iso, Date.now())),
    [today],
  );
  const rows = useMemo(() => rowsOf(jobs, columns, dayOf), [jobs, columns, dayOf]);

  const virtualizer = useWindowVirtualizer({
    count: width === 0 ? 0 : rows.length,
    estimateSize: (index) => (rows[index]?.kind === "day" ? DAY_HEIGHT : look === "grid" ? tile + GAP : ROW_HEIGHT),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
    scrollMargin: top,
  });
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer keeps the sizes of rows that are others now
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, tile, look]);
  usePlace(width > 0 && rows.length > 0);

  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - AHEAD) onEnd();
  }, [last, rows.length, onEnd]);

  return (
    <div ref={list} className="relative" style={{ height: width === 0 ? undefined : virtualizer.getTotalSize() }}>
      {width === 0 && <FirstJobs {...{ jobs, look, isOwn, selected, selecting }} />}
      {items.map(({ key, index, start }) => {
        const row = rows[index];
        return (
          row !== undefined && (
            <div
              key={key}
              data-index={index}
              ref={look === "rows" ? virtualizer.measureElement : undefined}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {row.kind === "day" ? (
                <h2 className="flex items-end pb-2 font-display text-xl" style={{ height: DAY_HEIGHT }}>
                  {row.label}
                </h2>
              ) : (
                <ul className="flex" style={{ gap: GAP, height: look === "grid" ? tile : undefined }}>
                  {row.jobs.map((job) => (
                    <li key={job.jobId} style={{ width: tile }}>
                      {look === "grid" ? (
                        <JobTile
                          isOwn={isOwn}
                          job={job}
                          width={tile}
                          selecting={selecting}
                          isSelected={selected.has(job.jobId)}
                        />
                      ) : (
                        <SelectableRow job={job} selecting={selecting} isSelected={selected.has(job.jobId)} />
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )
        );
      })}
    </div>
  );
}

/** As many as a screen holds, in a page that arrives with them: how wide it is nobody knows yet, so styles place them. */
const FIRST = 24;

function FirstJobs({ jobs, look, isOwn, selected, selecting }: Omit<VirtualJobsProps, "onEnd">) {
  return (
    <ul
      className={
        look === "grid" ? "grid grid-cols-[repeat(auto-fill,minmax(min(47%,11.875rem),1fr))]" : "flex flex-col"
      }
      // The day's heading needs the visitor's zone, and comes with the next drawing.
      style={{ paddingTop: DAY_HEIGHT, gap: look === "grid" ? GAP : 0 }}
    >
      {jobs.slice(0, FIRST).map((job) => {
        const shared = { job, selecting, isSelected: selected.has(job.jobId) };
        return (
          <li key={job.jobId} className={look === "grid" ? "aspect-square min-w-0" : undefined}>
            {look === "grid" ? <JobTile {...shared} isOwn={isOwn} width={240} /> : <SelectableRow {...shared} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Remembers an answer for each hour, which no day's end lies within: to name a day takes a while, and a list has thousands. */
function memoized(nameOf: (iso: string) => string): (iso: string) => string {
  const names = new Map<string, string>();
  return (iso) => {
    // Zones differ by quarters of an hour.
    const part = `${iso.slice(0, 14)}${Math.floor(Number(iso.slice(14, 16)) / 15)}`;
    const name = names.get(part) ?? nameOf(iso);
    names.set(part, name);
    return name;
  };
}
