import { DarkroomError, type JobState, type OwnedEvent } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { hasFavoriteBeside } from "../reads/output-view.ts";
import { isInUse } from "./in-use.ts";
import { assertEnded } from "./remove-job.ts";

/**
 * Removes one output of an ended job, and with it the address at which it is shared, in one transaction with its
 * `output.removed`. Null if there is no such output among those of `ownerIds` (null: anyone's, for operators).
 *
 * @throws DarkroomError `JOB_NOT_ENDED` if its job has not ended, or if a job that has not ended takes it as its input.
 */
export async function removeOutput(
  database: Database,
  { outputId, ownerIds }: { outputId: string; ownerIds: readonly string[] | null },
): Promise<OwnedEvent[] | null> {
  if (!isUuid(outputId)) return null;
  const [output] = await database.sql<{ jobId: string }[]>`
    SELECT job_id AS "jobId" FROM outputs WHERE id = ${outputId}`;
  if (output === undefined) return null;
  const { jobId } = output;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null || (ownerIds !== null && !ownerIds.includes(feed.ownerId))) return null;
    const [job] = await tx<{ state: JobState }[]>`
      SELECT j.state FROM jobs j JOIN outputs o ON o.job_id = j.id WHERE o.id = ${outputId} FOR UPDATE OF j`;
    if (job === undefined) return null;
    assertEnded(job.state);
    if (await isInUse(tx, { ownerId: feed.ownerId, key: "outputId", ids: [outputId] })) {
      const message = "A job that has not ended takes this picture. Cancel that job, or wait until it has ended.";
      throw new DarkroomError("JOB_NOT_ENDED", message);
    }
    const removed = await tx<{ version: number; attempt: number }[]>`
      WITH removed AS (DELETE FROM outputs WHERE id = ${outputId} RETURNING job_id)
      UPDATE jobs SET version = version + 1, favorite = ${hasFavoriteBeside(tx, outputId)} FROM removed WHERE jobs.id = removed.job_id RETURNING version, attempt`;
    const events = removed.map((row) => ({ type: "output.removed" as const, jobId, ...row, at: feed.at, outputId }));
    return appendEvents(tx, feed, events);
  });
}
