"use client";

import { useMemo, useState } from "react";
import { formatBytes, formatSeconds } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { type MetricHistory, type MetricRange, useMetricHistory } from "../../../trpc/hooks/operators/use-monitor.ts";
import { cx } from "../../../ui/class-names.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Chart } from "./chart.tsx";
import { filledPoints, wholeSentence } from "./history-points.ts";

const rangeNames = (): Record<MetricRange, string> => ({ "1h": t`Hour`, "24h": t`Day`, "7d": t`Week` });
const seconds = (value: number): string => (value === 0 ? "0 s" : formatSeconds(value));

/** What the last hour, day or week was like, from the stored minutes. */
export function HistoryCharts() {
  const [range, setRange] = useState<MetricRange>("1h");
  const ranges = rangeNames();
  const { data, error } = useMetricHistory(range);
  return (
    <section aria-labelledby="history-heading" className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 id="history-heading" className="font-display text-2xl">
            {t`Over time`}
          </h2>
          <p className="text-sm text-muted tabular-nums">{data === undefined ? " " : wholeSentence(data.whole)}</p>
        </div>
        <fieldset className="panel flex p-0.5">
          <legend className="sr-only">{t`Range`}</legend>
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
        <Notice title={t`The minutes could not be loaded.`}>{error.message}</Notice>
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
        of(t`succeeded`, "good", ({ stored }) => stored?.succeeded),
        of(t`failed`, "bad", ({ stored }) => stored?.failed),
        of(t`canceled`, "edge", ({ stored }) => stored?.canceled),
      ],
      queue: [
        of(t`waiting`, "warn", ({ stored }) => stored?.waiting),
        of(t`running`, "good", ({ stored }) => stored?.running),
      ],
      wait: [
        of(t`half`, "muted", ({ stored }) => stored?.wait.p50),
        of("95 %", "safelight", ({ stored }) => stored?.wait.p95),
      ],
      run: [
        of(t`half`, "muted", ({ stored }) => stored?.run.p50),
        of("95 %", "safelight", ({ stored }) => stored?.run.p95),
      ],
      sockets: [
        of(t`sockets`, "good", ({ stored }) => stored?.sockets),
        of(t`event streams`, "safelight", ({ stored }) => stored?.streams),
      ],
      reconnects: [
        of(t`resumed`, "good", ({ stored }) => stored?.resumed),
        of(t`broken`, "bad", ({ stored }) => stored?.broken),
      ],
      events: [
        of(t`buffered`, "warn", ({ stored }) => stored?.buffered),
        of(t`gaps`, "muted", ({ stored }) => stored?.gaps),
        of(t`overflows`, "bad", ({ stored }) => stored?.overflows),
      ],
      redis: [of(t`used`, "safelight", ({ stored }) => stored?.redisBytes)],
      capacity: [
        of(t`workers`, "good", ({ stored }) => stored?.workers),
        of(t`backends`, "safelight", ({ stored }) => stored?.backendsUp),
      ],
    };
  }, [points]);
  const { times } = charts;
  return (
    <div className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3">
      <Chart title={t`Ended jobs`} kind="bars" times={times} series={charts.ended} format={String} isWhole />
      <Chart title={t`Queue`} times={times} series={charts.queue} format={String} isWhole />
      <Chart title={t`Wait`} times={times} series={charts.wait} format={seconds} />
      <Chart title={t`Run`} times={times} series={charts.run} format={seconds} />
      <Chart title={t`Connections`} times={times} series={charts.sockets} format={String} isWhole />
      <Chart title={t`Reconnects`} kind="bars" times={times} series={charts.reconnects} format={String} isWhole />
      <Chart title={t`Events on their way`} times={times} series={charts.events} format={String} isWhole />
      <Chart title={t`Redis memory`} times={times} series={charts.redis} format={formatBytes} />
      <Chart title={t`Workers and backends`} times={times} series={charts.capacity} format={String} isWhole />
    </div>
  );
}
