import type { Evidence } from "./evidence.ts";

// What Postgres alone shows: jobs, their events, attempts, outputs, batches and feeds must agree with one another.

const terminal: ReadonlySet<string> = new Set(["succeeded", "failed", "canceled"]);
const terminalEvents: ReadonlySet<string> = new Set(["job.succeeded", "job.failed", "job.canceled"]);

/** Whether nothing may follow this state of a job. */
export const isTerminal = (state: string): boolean => terminal.has(state);

/** Jobs that have not ended. */
export function openJobs({ jobs }: Evidence): string[] {
  return jobs.filter(({ state }) => !isTerminal(state)).map(({ id, state }) => `${id} is ${state}`);
}

/** Jobs that ended twice, went on after their end, or whose state is another than their last end. */
export function doubleEnds({ jobs, events }: Evidence): string[] {
  const found: string[] = [];
  const eventsOf = Map.groupBy(events, ({ jobId }) => jobId);
  for (const { id, state } of jobs) {
    const own = (eventsOf.get(id) ?? []).map(({ type }) => type);
    const ends = own.filter((type) => terminalEvents.has(type));
    if (ends.length > 1) found.push(`${id} ended ${ends.length} times: ${ends.join(", ")}`);
    else if (ends.length === 1 && own.at(-1) !== ends[0]) found.push(`${id} went on after ${ends[0]}: ${own.at(-1)}`);
    if (isTerminal(state) && ends.at(-1) !== `job.${state}`)
      found.push(`${id} is ${state}, but its last end is ${ends.at(-1)}`);
  }
  return found;
}

/** Events of an attempt after a later one, or after it gave the job back. */
export function staleEvents({ events }: Evidence): string[] {
  const found: string[] = [];
  for (const [jobId, own] of Map.groupBy(events, (event) => event.jobId)) {
    if (jobId === null) continue;
    let current = 0;
    // False once the attempt gave the job back: whatever it writes then is late.
    let isRunning = false;
    for (const { type, attempt, version } of own) {
      const what = `${jobId}: ${type} (version ${version}) of attempt ${attempt}`;
      if ((attempt ?? 0) < current) found.push(`${what} after attempt ${current}`);
      current = Math.max(current, attempt ?? 0);
      if (type === "job.started") isRunning = true;
      else if (type === "job.retried") isRunning = false;
      else if ((type === "job.staged" || type === "output.created" || type === "job.succeeded") && !isRunning)
        found.push(`${what}, which does not run`);
    }
  }
  return found;
}

/** Outputs of an attempt that were made when the next one ran, or that belong to no attempt there was. */
export function staleOutputs({ outputs, attempts, jobs }: Evidence): string[] {
  const found: string[] = [];
  const startedAt = new Map(attempts.map(({ jobId, attempt, startedAt }) => [`${jobId} ${attempt}`, startedAt]));
  const last = new Map(jobs.map(({ id, attempt }) => [id, attempt]));
  for (const { jobId, attempt, createdAt } of outputs) {
    const next = startedAt.get(`${jobId} ${attempt + 1}`);
    if (next !== undefined && createdAt > next)
      found.push(`${jobId}: an output of attempt ${attempt} after attempt ${attempt + 1} began`);
    if (attempt > (last.get(jobId) ?? 0)) found.push(`${jobId}: an output of attempt ${attempt}, which never was`);
  }
  return found;
}

/** Jobs whose events are not numbered 1, 2, 3 … up to their version. */
export function versionGaps({ jobs, events }: Evidence): string[] {
  const found: string[] = [];
  const eventsOf = Map.groupBy(events, ({ jobId }) => jobId);
  for (const { id, version } of jobs) {
    const versions = (eventsOf.get(id) ?? []).map((event) => event.version);
    if (versions.length !== version || versions.some((value, index) => value !== index + 1))
      found.push(`${id} is at version ${version}; its events have ${versions.join(" ")}`);
  }
  return found;
}

/** Feeds whose events are not numbered 1, 2, 3 … up to where the feed is. */
export function feedGaps({ feeds, events }: Evidence): string[] {
  const found: string[] = [];
  const feedOf = Map.groupBy(events, ({ ownerId }) => ownerId);
  for (const { ownerId, seq } of feeds) {
    const sequence = (feedOf.get(ownerId) ?? []).map(({ ownerSeq }) => ownerSeq);
    if (sequence.length !== seq || sequence.some((value, index) => value !== index + 1))
      found.push(
        `the feed of ${ownerId} is at ${seq} and holds ${sequence.length} events, the last ${sequence.at(-1)}`,
      );
  }
  return found;
}

/** Batches that are not settled once, or whose counts are not those of their jobs. */
export function wrongBatches({ batches, jobs, events }: Evidence): string[] {
  const found: string[] = [];
  const jobsOf = Map.groupBy(jobs, ({ batchId }) => batchId);
  const settledOf = Map.groupBy(
    events.filter(({ type }) => type === "batch.settled"),
    ({ batchId }) => batchId,
  );
  for (const batch of batches) {
    const states = (jobsOf.get(batch.id) ?? []).map(({ state }) => state);
    const settled = settledOf.get(batch.id) ?? [];
    if (batch.open !== 0) found.push(`${batch.id} has ${batch.open} open jobs`);
    if (settled.length !== 1) found.push(`${batch.id} was settled ${settled.length} times`);
    for (const state of ["succeeded", "failed", "canceled"] as const) {
      const real = states.filter((own) => own === state).length;
      if (batch[state] !== real || (settled[0]?.counts?.[state] ?? real) !== real)
        found.push(`${batch.id} counts ${batch[state]} ${state}, told ${settled[0]?.counts?.[state]}; ${real} are`);
    }
  }
  return found;
}
