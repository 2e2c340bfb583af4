import { type ClaimAnswer, claimJob, settleJob, submitJobs } from "@darkroom/db";
import { afterCommit } from "../../packages/api/src/live/notify.ts";
import { log, type Stage } from "./stage.ts";

// A job's way through Darkroom with no run in it, as the API and a worker go it.

/** Stores a job with its event, and tells Redis. `begun` is told its id beforehand. */
export async function store(stage: Stage, index: number, begun: (jobId: string) => void = () => undefined) {
  const submission = stage.submission(index);
  begun(submission.jobs[0]?.jobId ?? "");
  await afterCommit({ ...stage, log }, await submitJobs(stage.database, submission));
}

/** The next job in turn, this worker's from now on; null if none waits. */
export async function claimNext({ queue, database, publisher }: Stage): Promise<ClaimAnswer["job"] | null> {
  const turn = await queue.take({ backendId: "b", catalogHash: "catalog", warmModelKey: null });
  if (turn.type === "empty") return null;
  if (turn.type !== "job") throw new Error(`no job: ${turn.type}`);
  const { jobId } = turn.entry;
  const claimed = await claimJob(database, { jobId, workerId: "w", backendId: "b", leaseSeconds: 30 });
  if (claimed === null) throw new Error("a job was not claimed");
  void publisher.publish(claimed.events);
  return claimed.job;
}

/** The claimed job, succeeded from now on. */
export async function settle({ database, publisher }: Stage, { jobId, attempt }: ClaimAnswer["job"]): Promise<void> {
  const settled = await settleJob(database, { jobId, attempt, outcome: { type: "succeeded" } });
  if (settled === null) throw new Error("a job was not settled");
  void publisher.publish(settled.events);
}
