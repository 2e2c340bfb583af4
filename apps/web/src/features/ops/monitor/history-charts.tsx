"use client";

import { useMemo, useState } from "react";
import { formatBytes, formatSeconds } from "../../../format.ts";
import { type MetricHistory, type MetricRange, useMetricHistory } from "../../../trpc/hooks/operators/use-monitor.ts";
import { cx } from "../../../ui/class-names.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Chart } from "./chart.tsx";
import { filledPoints, wholeSentence } from "./history-points.ts";

const ranges: Record<MetricRange, string> = { "1h": "Hour", "24h": "Day", "7d": "Week" };
const seconds = (value: number): string => (value === 0 ? "0 s" : formatSeconds(value));

/** What the last hour, day or week was like, from the stored minutes. */
export function HistoryCharts() {
  const [range, setRange] = useState<MetricRange>("1h");
  const { data, error } = useMetricHistory(range);
  return (
    <section aria-labelledby="history-heading" className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 id="history-heading" className="font-display text-2xl">
            Over time
          </h2>
          <p className="text-sm text-muted tabular-nums">{data === undefined ? " " : wholeSentence(data.whole)}</p>
        </div>
        <fieldset className="panel flex p-0.5">
          <legend className="sr-only">Range</legend>
          {(Object.keys(ranges) as MetricRange[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={range === name}
              onClick={() => setRange(name)}
              className={cx(
                "min-h-8 rounded-lg px-3 text-sm transition-colors",
                range === name ? "bg-raised font-medium text-ink" : "text-muted hover:text-ink",
              )}
            >
              {ranges[name]}
            </button>
          ))}
        </fieldset>
      </div>
      {error !== null && data === undefined && (
        <Notice title="The minutes could not be loaded.">{error.message}</Notice>
      )}
      {data === undefined ? <Skeleton className="h-96 rounded-2xl" /> : <Charts history={data} />}
    </section>
  );
}

function Charts({ history }: { readonly history: MetricHistory }) {
  const points = useMemo(() => filledPoints(history), [history]);
  const charts = useMemo(() => {
    const of = (label: string, color: string, read: (point: (typeof points)[number]) => number | null | undefined) => ({
      ...{ label, color },
      values: points.map((point) => read(point) ?? null),
    });
    return {
      times: points.map(({ at }) => at),
      ended: [
        of("succeeded", "good", ({ stored }) => stored?.succeeded),
        of("failed", "bad", ({ stored }) => stored?.failed),
        of("canceled", "edge", ({ stored }) => stored?.canceled),
      ],
      queue: [
        of("waiting", "warn", ({ stored }) => stored?.waiting),
        of("running", "good", ({ stored }) => stored?.running),
      ],
      wait: [
        of("half", "muted", ({ stored }) => stored?.wait.p50),
        of("95 %", "safelight", ({ stored }) => stored?.wait.p95),
      ],
      run: [
        of("half", "muted", ({ stored }) => stored?.run.p50),
        of("95 %", "safelight", ({ stored }) => stored?.run.p95),
      ],
      sockets: [
        of("sockets", "good", ({ stored }) => stored?.sockets),
        of("event streams", "safelight", ({ stored }) => stored?.streams),
      ],
      reconnects: [
        of("resumed", "good", ({ stored }) => stored?.resumed),
        of("broken", "bad", ({ stored }) => stored?.broken),
      ],
      events: [
        of("buffered", "warn", ({ stored }) => stored?.buffered),
        of("gaps", "muted", ({ stored }) => stored?.gaps),
        of("overflows", "bad", ({ stored }) => stored?.overflows),
      ],
      redis: [of("used", "safelight", ({ stored }) => stored?.redisBytes)],
      capacity: [
        of("workers", "good", ({ stored }) => stored?.workers),
        of("backends", "safelight", ({ stored }) => stored?.backendsUp),
      ],
    };
  }, [points]);
  const { times } = charts;
  return (
    <div className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3">
      <Chart title="Ended jobs" kind="bars" times={times} series={charts.ended} format={String} isWhole />
      <Chart title="Queue" times={times} series={charts.queue} format={String} isWhole />
      <Chart title="Wait" times={times} series={charts.wait} format={seconds} />
      <Chart title="Run" times={times} series={charts.run} format={seconds} />
      <Chart title="Connections" times={times} series={charts.sockets} format={String} isWhole />
      <Chart title="Reconnects" kind="bars" times={times} series={charts.reconnects} format={String} isWhole />
      <Chart title="Events on their way" times={times} series={charts.events} format={String} isWhole />
      <Chart title="Redis memory" times={times} series={charts.redis} format={formatBytes} />
      <Chart title="Workers and backends" times={times} series={charts.capacity} format={String} isWhole />
    </div>
  );
}
