import type { Wait } from "@darkroom/contracts";
import { type WaitingJob, waitingJobs } from "@darkroom/db";
import type { Services } from "../context.ts";
import { estimateWait } from "./estimate.ts";
import { type Forecast, readForecast } from "./forecast.ts";

type Needed = Pick<Services, "database" | "queue" | "publisher">;

/** Waiting job → when it starts and ends, and why it waits, of all jobs of some owners. Rejects while Redis is down. */
export async function readWaits(services: Needed, ownerIds: readonly string[]): Promise<Map<string, Wait>> {
  const positions = await services.queue.positions({ ownerIds });
  if (positions.size === 0) return new Map();
  const [jobs, forecast] = await Promise.all([
    waitingJobs(services.database, [...positions.keys()]),
    readForecast(services),
  ]);
  const waits = estimateAll(jobs, positions, forecast);
  for (const { jobId, waitReason } of jobs) {
    const wait = waits.get(jobId);
    if (wait !== undefined) waits.set(jobId, { ...wait, waitReason });
  }
  return waits;
}

/** When some jobs start and end. */
export async function readWaitsOfJobs(services: Needed, jobs: readonly WaitingJob[]): Promise<Map<string, Wait>> {
  if (jobs.length === 0) return new Map();
  const [positions, forecast] = await Promise.all([
    services.queue.positions({ jobIds: jobs.map(({ jobId }) => jobId) }),
    readForecast(services),
  ]);
  return estimateAll(jobs, positions, forecast);
}

function estimateAll(
  jobs: readonly WaitingJob[],
  positions: ReadonlyMap<string, number>,
  forecast: Forecast,
): Map<string, Wait> {
  const now = performance.now();
  return new Map(
    jobs.flatMap((job) => {
      const position = positions.get(job.jobId);
      return position === undefined ? [] : [[job.jobId, estimateWait(position, job, forecast, now)] as const];
    }),
  );
}
