import { hash32, type Wait } from "@darkroom/contracts";
import type { WaitingJob } from "@darkroom/db";
import { ratioAtQuantile } from "./duration-ratios.ts";
import type { Forecast } from "./forecast.ts";
import { median, quantile } from "./quantile.ts";
import { seededRandom } from "./seeded-random.ts";

/** What is told of a wait of which too little is known. */
const unknown = { waitSeconds: null, etaSeconds: null, etaRangeSeconds: null };

/**
 * When a waiting job starts and ends: after the runs under way and the jobs before it, each as long as jobs like it
 * took. All or nothing: a number is told only with a range, and neither while too few runs of its workflow at about its size are
 * known, or of what it waits behind, or no slot is there that can run it. `now`: `performance.now()`.
 */
export function estimateWait(position: number, job: WaitingJob, forecast: Forecast, now: number): Wait {
  const length = forecast.lengthOf(job, null, forecast.lastWorkflowId !== job.workflowId);
  if (length === null) return { position, ...unknown };
  const elapsed = (now - forecast.readAt) / 1000;
  const place = forecast.placeOf.get(job.jobId);
  const seed = hash32(job.jobId);
  const waits: number[] = [];
  const ends: number[] = [];
  for (const [sample, { starts, ends: endsOfKnown }] of forecast.schedules.entries()) {
    // A job that came after the forecast was made starts at its position; behind others that came with it nothing is known.
    const start = starts[place ?? position] ?? Number.POSITIVE_INFINITY;
    const end =
      place === undefined
        ? start + length.seconds * ratioAtQuantile(length.ratios, seededRandom(seed, sample))
        : (endsOfKnown[place] ?? Number.POSITIVE_INFINITY);
    const wait = Math.max(0, start - elapsed);
    waits.push(wait);
    ends.push(wait + end - start);
  }
  const [wait, eta, low, high] = [median(waits), median(ends), quantile(ends, 0.05), quantile(ends, 0.95)];
  // Not finite: an unknown run that never ends, or a job that no slot can run.
  if (wait === null || eta === null || low === null || high === null || !Number.isFinite(high)) {
    return { position, ...unknown };
  }
  return {
    position,
    waitSeconds: Math.round(wait),
    etaSeconds: Math.max(1, Math.round(eta)),
    etaRangeSeconds: [Math.max(1, Math.floor(low)), Math.max(1, Math.ceil(high))],
  };
}
