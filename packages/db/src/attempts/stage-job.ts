import { type JobStage, jobStages, type OwnedEvent } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/**
 * Moves a running job to a later stage, with `job.staged`. No event, and nothing changed, if it is there or further
 * already or is being canceled; null if the attempt lost the job. Loading is entered when the prompt begins to run:
 * until then it may have waited behind another, so the run is counted from there. An adopted prompt's run that began under an
 * earlier attempt is counted from that beginning.
 */
export async function stageJob(
  database: Database,
  stage: { jobId: string; attempt: number; stage: JobStage },
): Promise<OwnedEvent[] | null> {
  const { jobId, attempt } = stage;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null) return null;
    const [job] = await tx<{ state: string; stage: JobStage | null }[]>`
      SELECT state, stage FROM jobs
      WHERE id = ${jobId} AND attempt = ${attempt} AND state IN ('running', 'canceling') FOR UPDATE`;
    if (job === undefined) return null;
    const from = job.stage === null ? -1 : jobStages.indexOf(job.stage);
    if (job.state !== "running" || jobStages.indexOf(stage.stage) <= from) return [];
    const [changed] = await tx<{ version: number; startedAt: Date }[]>`
      UPDATE jobs SET stage = ${stage.stage}, version = version + 1,
        -- A run that began under an earlier attempt keeps its times.
        started_at = CASE WHEN stage = 'preparing' AND ${stage.stage} = 'loading' AND started_at >= (
          SELECT t.started_at FROM attempts t WHERE t.job_id = jobs.id AND t.attempt = jobs.attempt)
          THEN ${clock(tx)} ELSE started_at END,
        sampling_at = CASE WHEN ${stage.stage} = 'sampling' THEN coalesce(sampling_at, ${clock(tx)}) ELSE sampling_at END,
        saving_at = CASE WHEN ${stage.stage} = 'saving' THEN coalesce(saving_at, ${clock(tx)}) ELSE saving_at END
      WHERE id = ${jobId} RETURNING version, started_at AS "startedAt"`;
    if (changed === undefined) throw new Error(`job ${jobId} vanished under its lock`);
    const { version } = changed;
    const startedAt = changed.startedAt.toISOString();
    const isOlder = stage.stage === "loading" && startedAt !== feed.at;
    const event = { type: "job.staged", jobId, version, attempt, at: feed.at, stage: stage.stage } as const;
    return appendEvents(tx, feed, [{ ...event, ...(isOlder ? { runStartedAt: startedAt } : {}) }]);
  });
}
