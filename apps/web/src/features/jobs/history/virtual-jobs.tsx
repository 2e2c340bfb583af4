"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { formatDay } from "../../../format-dates.ts";
import { useNow } from "../../../hooks/use-now.ts";
import { usePlace } from "../../../hooks/use-place.ts";
import type { ShownJobs } from "./first-jobs.tsx";
import { JobTile } from "./job-tile.tsx";
import { DAY_HEIGHT, GAP, gridOf, rowsOf } from "./layout.ts";
import { SelectableRow } from "./selectable-row.tsx";

/** Height of a job's row in pixels, until the browser has measured it: a long reason makes it higher. */
const ROW_HEIGHT = 90;
/** The next page is requested this many rows before the end, so that it is there when the end comes into view. */
const AHEAD = 6;

interface VirtualJobsProps extends ShownJobs {
  /** Of the list, in pixels; 0 before it is measured. */
  readonly width: number;
  readonly onEnd: () => void;
}

/** Any number of jobs, of which only those near the window are in the page. */
export function VirtualJobs({ jobs, look, isOwn, selected, selecting, width, onEnd }: VirtualJobsProps) {
  const list = useRef<HTMLDivElement>(null);
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
    <div ref={list} className="relative" style={{ height: virtualizer.getTotalSize() }}>
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
