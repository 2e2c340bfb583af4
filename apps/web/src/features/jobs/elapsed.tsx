"use client";

import { formatClock } from "../../format.ts";
import { useNow } from "../../hooks/use-now.ts";

/** How long something has been going on, counting. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow(1000);
  if (now === null) return null;
  return <span className="tabular-nums">{formatClock((now - Date.parse(since)) / 1000)}</span>;
}
