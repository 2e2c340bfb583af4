"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";
import uPlot from "uplot";
import { locale } from "../../../language/spoken.ts";
import "uplot/dist/uPlot.min.css";

export interface ChartSeries {
  readonly label: string;
  /** One of the theme's colours: `good`, `safelight`, `muted`. */
  readonly color: string;
  /** One for each time; null where nothing is known, which breaks the line. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** Counts, which have no halves. */
  readonly isWhole?: boolean;
  /** Bars stand on each other, the first at the bottom. */
  readonly kind?: "lines" | "bars";
}

interface PlotProps extends Required<Omit<ChartProps, "title">> {
  /** The place of the time under the pointer; null: it is elsewhere. */
  readonly onHover: (index: number | null) => void;
}

const HEIGHT = 150;
/** What two lines of a grid of counts may be apart. */
const wholeSteps = [1, 10, 100, 1000, 10_000, 100_000].flatMap((unit) => [unit, 2 * unit, 5 * unit]);

/** The drawing of a chart, as wide as its box. */
export function Plot({ times, series, format, isWhole, kind, onHover }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const formatter = useRef(format);
  formatter.current = format;
  const theme = useTheme();
  const shape = series.map(({ label, color }) => `${label} ${color}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for what is read of `series`; its values come below.
  useEffect(() => {
    const place = box.current;
    if (place === null) return;
    const shown = { kind, isWhole, format: (value: number) => formatter.current(value), onHover };
    const options = optionsOf(place, series, shown);
    const made = new uPlot(options, [[]], place);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height: HEIGHT }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme, kind, isWhole, shape, onHover]);

  useEffect(() => {
    // The theme is read because another one makes a new chart, which has no data yet.
    void theme;
    plot.current?.setData([[...times], ...layers(series, kind)]);
  }, [times, series, kind, theme]);

  return <div ref={box} />;
}

/** The lines as uPlot draws them; of bars the sums, the highest first, so that the lower ones are drawn over it. */
function layers(series: readonly ChartSeries[], kind: "lines" | "bars"): (number | null)[][] {
  if (kind === "lines") return series.map(({ values }) => [...values]);
  const sums: (number | null)[][] = [];
  for (const { values } of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => (value === null ? null : value + (below?.[index] ?? 0))));
  }
  return sums.reverse();
}

function optionsOf(
  place: HTMLElement,
  series: readonly ChartSeries[],
  {
    kind,
    isWhole,
    format,
    onHover,
  }: {
    readonly kind: "lines" | "bars";
    readonly isWhole: boolean;
    readonly format: (value: number) => string;
    readonly onHover: (index: number | null) => void;
  },
): uPlot.Options {
  const style = getComputedStyle(place);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = {
    stroke: color("faint"),
    font,
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
  };
  const drawn = kind === "bars" ? series.toReversed() : series;
  return {
    width: Math.max(place.clientWidth, 1),
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === "lines" } },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        ...{ size: 24, gap: 6, space: 70 },
        values: (_plot, splits) => splits.map((at) => timeText(at, splits)),
      },
      {
        ...axis,
        ...{ size: 52, space: 32, ...(isWhole && { incrs: [...wholeSteps] }) },
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...drawn.map(({ label, color: name }) => ({
        label,
        stroke: color(name),
        width: kind === "bars" ? 0 : 1.5,
        points: { show: false },
        ...(kind === "bars" && { fill: color(name), paths: uPlot.paths.bars?.({ size: [0.8, 14] }) }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onHover(cursor.idx ?? null)] },
  };
}

/** An hour and minute; a day where the chart shows several. */
function timeText(at: number, splits: readonly number[]): string {
  const spans = (splits.at(-1) ?? at) - (splits[0] ?? at);
  const date = new Date(at * 1000);
  return spans > 2 * 86_400
    ? date.toLocaleDateString(locale(), { weekday: "short", day: "numeric" })
    : date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** The theme's name, by which a chart is drawn anew: a canvas does not follow it by itself. */
function useTheme(): string | null {
  return useSyncExternalStore(
    (listener) => {
      const observer = new MutationObserver(listener);
      observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
      return () => observer.disconnect();
    },
    () => document.documentElement.getAttribute("data-theme"),
    () => null,
  );
}
