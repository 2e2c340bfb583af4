import { type Database, requestOfJob } from "@darkroom/db";

/** As many jobs' requests are remembered: those that something happens to now. */
const MAX_KNOWN = 2000;

/** The id of the request that made a job; null if it is not known, also while Postgres is away. */
export type JobRequests = (jobId: string) => Promise<string | null>;

/** Reads each job's request once, for what tells of events: they name their job alone. */
export function createJobRequests(database: Database): JobRequests {
  const known = new Map<string, Promise<string | null>>();
  return (jobId) => {
    const request = known.get(jobId) ?? requestOfJob(database, jobId).catch(() => null);
    known.set(jobId, request);
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return request;
  };
}
