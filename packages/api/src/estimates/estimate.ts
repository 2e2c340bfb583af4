import { hash32, type Wait } from "@darkroom/contracts";
import type { WaitingJob } from "@darkroom/db";
import { ratioAtQuantile } from "./duration-ratios.ts";
import type { Forecast } from "./forecast.ts";
import { median, quantile } from "./quantile.ts";
import type { RunLength } from "./run-model.ts";
import type { Schedule } from "./schedule.ts";
import { seededRandom } from "./seeded-random.ts";

/**
 * When a waiting job starts and ends: after the runs under way and the jobs before it, each as long as jobs like it
 * took. Null, not a guess, when no job of its workflow has succeeded yet or no slot is there that can run it; the range
 * is null as well while too few have. `now`: `performance.now()`.
 */
export function estimateWait(position: number, job: WaitingJob, forecast: Forecast, now: number): Wait {
  const length = forecast.lengthOf(job, null);
  if (length === null) return { position, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
  const elapsed = (now - forecast.readAt) / 1000;
  const seed = hash32(job.jobId);
  const waits: number[] = [];
  const ends: number[] = [];
  for (const [sample, schedule] of forecast.schedules.entries()) {
    const { start, end } = timesIn(schedule, {
      place: forecast.placeOf.get(job.jobId),
      position,
      forecast,
      length,
      seed,
      sample,
    });
    const wait = Math.max(0, start - elapsed);
    waits.push(wait);
    ends.push(wait + end - start);
  }
  const [wait, eta, low, high] = [median(waits), median(ends), quantile(ends, 0.05), quantile(ends, 0.95)];
  const isKnown = wait !== null && eta !== null && Number.isFinite(wait) && Number.isFinite(eta);
  if (!isKnown) return { position, waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };
  const hasRange = length.ratios !== null && low !== null && high !== null && Number.isFinite(high);
  return {
    position,
    waitSeconds: Math.round(wait),
    etaSeconds: Math.max(1, Math.round(eta)),
    etaRangeSeconds: hasRange ? [Math.max(1, Math.floor(low)), Math.max(1, Math.ceil(high))] : null,
  };
}

interface Question {
  /** In the schedules; undefined: the job came after the forecast was made. */
  readonly place: number | undefined;
  readonly position: number;
  readonly forecast: Forecast;
  readonly length: RunLength;
  readonly seed: number;
  readonly sample: number;
}

function timesIn({ starts, ends }: Schedule, question: Question): { start: number; end: number } {
  const { place, position, forecast, length, seed, sample } = question;
  if (place !== undefined) {
    const [start = Number.POSITIVE_INFINITY, end = Number.POSITIVE_INFINITY] = [starts[place], ends[place]];
    return { start, end };
  }
  // Jobs that came after the forecast was made stand behind the last one it knew.
  const last = starts.length - 1;
  const start = starts[position] ?? (starts[last] ?? 0) + (position - last) * forecast.turnSeconds;
  const ratio = length.ratios === null ? 1 : ratioAtQuantile(length.ratios, seededRandom(seed, sample));
  return { start, end: start + length.seconds * ratio };
}
