import type { JobState, OwnedEvent } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { hasFavoriteBeside, isShown } from "../reads/output-view.ts";
import { assertEnded } from "../removal/remove-job.ts";

/**
 * Marks an output of an ended job as a favorite, or unmarks it, in one transaction with its `output.favorited`. No event
 * if it is so already; null if there is no such output among those of `ownerIds`.
 *
 * Only of ended jobs, because an attempt that is taken back takes its outputs with it, and the mark would stay on the job.
 *
 * @throws DarkroomError `JOB_NOT_ENDED` if its job has not ended.
 */
export async function favoriteOutput(
  database: Database,
  { outputId, ownerIds, favorite }: { outputId: string; ownerIds: readonly string[]; favorite: boolean },
): Promise<OwnedEvent[] | null> {
  if (!isUuid(outputId)) return null;
  const [output] = await database.sql<{ jobId: string }[]>`
    SELECT job_id AS "jobId" FROM outputs WHERE id = ${outputId}`;
  if (output === undefined) return null;
  const { jobId } = output;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null || !ownerIds.includes(feed.ownerId)) return null;
    const [job] = await tx<{ state: JobState; favorite: boolean }[]>`
      SELECT j.state, o.favorite FROM jobs j JOIN outputs o ON o.job_id = j.id AND ${isShown(tx)}
      WHERE o.id = ${outputId} FOR UPDATE OF j`;
    if (job === undefined) return null;
    assertEnded(job.state);
    if (job.favorite === favorite) return [];
    await tx`UPDATE outputs SET favorite = ${favorite} WHERE id = ${outputId}`;
    const [changed] = await tx<{ version: number; attempt: number }[]>`
      UPDATE jobs SET version = version + 1, favorite = ${favorite} OR ${hasFavoriteBeside(tx, outputId)}
      WHERE id = ${jobId} RETURNING version, attempt`;
    if (changed === undefined) throw new Error(`job ${jobId} vanished under its lock`);
    return appendEvents(tx, feed, [{ type: "output.favorited", jobId, ...changed, at: feed.at, outputId, favorite }]);
  });
}
