import type { Wait } from "@darkroom/contracts";
import type { JobSize } from "@darkroom/db";
import type { Pace } from "./pace.ts";

/**
 * When a waiting job starts and ends: after the runs under way and the jobs before it, each as long as jobs like it
 * took. Null, not a guess, when no job of its workflow has succeeded yet or no slot is there. `now`: `performance.now()`.
 */
export function estimateWait(position: number, job: JobSize, pace: Pace, now: number): Wait {
  const runSeconds = pace.runSeconds(job, null);
  const last = pace.starts.length - 1;
  const lastStart = pace.starts[last];
  // Jobs that came after the pace was read stand behind the last one it knew.
  const start =
    pace.starts[position] ?? (lastStart === undefined ? undefined : lastStart + (position - last) * pace.turnSeconds);
  if (runSeconds === null || start === undefined) return { position, waitSeconds: null, etaSeconds: null };
  const wait = Math.max(0, start - (now - pace.readAt) / 1000);
  return { position, waitSeconds: Math.round(wait), etaSeconds: Math.max(1, Math.round(wait + runSeconds)) };
}
