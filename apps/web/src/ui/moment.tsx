"use client";

import { formatMoment } from "../format-dates.ts";
import { useZone } from "../hooks/use-zone.ts";

/** A moment with its date, its time and its zone: the visitor's, and in its title UTC. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatMoment(at, "UTC")}>
      {formatMoment(at, useZone())}
    </time>
  );
}
