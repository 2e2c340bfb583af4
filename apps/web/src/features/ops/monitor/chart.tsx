"use client";

import { useState } from "react";
import { t } from "../../../language/say.ts";
import { later } from "../../../ui/later.tsx";
import type { ChartProps } from "./plot.tsx";

/**
 * uPlot asks for the browser's language while it loads, and throws where that is none that `Intl` knows, such as the
 * `en-US@posix` that Chromium names on a system without one. The numbers are there all the same.
 */
const Plot = later(() =>
  import("./plot.tsx").then(
    ({ Plot }) => Plot,
    () => NoPlot,
  ),
);

function NoPlot() {
  return (
    <p className="text-sm text-muted">{t`The charts can't be drawn with the language that this browser is set to.`}</p>
  );
}

/** One chart with its legend, whose values are those under the pointer, else the newest. */
export function Chart({ title, times, series, format, isWhole = false, kind = "lines" }: ChartProps) {
  const [hovered, setHovered] = useState<number | null>(null);
  const legend = series.map(({ label, color, values }) => {
    const value = hovered === null ? values.findLast((known) => known !== null) : values[hovered];
    return { label, color, text: value == null ? "–" : format(value) };
  });
  return (
    <figure className="panel min-w-0 p-4">
      <figcaption className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="font-medium">{title}</span>
        <span className="flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
          {legend.map(({ label, color, text }) => (
            <span key={label} className="inline-flex items-center gap-1.5 whitespace-nowrap">
              <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--${color})` }} />
              {label} <span className="text-ink">{text}</span>
            </span>
          ))}
        </span>
      </figcaption>
      <div
        role="img"
        aria-label={`${title}: ${legend.map(({ label, text }) => `${label} ${text}`).join(", ")}`}
        className="h-[150px]"
      >
        <Plot times={times} series={series} format={format} isWhole={isWhole} kind={kind} onHover={setHovered} />
      </div>
    </figure>
  );
}
