import { DarkroomError, isTerminal, type JobState, type OwnedEvent } from "@darkroom/contracts";
import { appendEvents, type LockedFeed, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock, isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { isInUse } from "./in-use.ts";

/**
 * Removes an ended job with its inputs and outputs, in one transaction with its `job.removed`. Null if there is no such
 * job among those of `ownerIds` (null: anyone's, for operators), also when it was removed before.
 *
 * The row itself stays for an hour or more, without anything of its owner's: deleting it at once would give the quota of
 * the hour back, forget its idempotency key, and lose sight of a prompt that a backend may still hold. Its files are left
 * to the sweep, because another row may name the same content.
 *
 * @throws DarkroomError `JOB_NOT_ENDED` if it has not ended, or if a job that has not ended takes one of its pictures.
 */
export async function removeJob(
  database: Database,
  { jobId, ownerIds }: { jobId: string; ownerIds: readonly string[] | null },
): Promise<OwnedEvent[] | null> {
  if (!isUuid(jobId)) return null;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null || (ownerIds !== null && !ownerIds.includes(feed.ownerId))) return null;
    const [job] = await tx<{ state: JobState; outputIds: string[] }[]>`
      SELECT state, to_jsonb(ARRAY(SELECT o.id FROM outputs o WHERE o.job_id = j.id)) AS "outputIds"
      FROM jobs j WHERE id = ${jobId} AND removed_at IS NULL FOR UPDATE`;
    if (job === undefined) return null;
    assertEnded(job.state);
    if (await isInUse(tx, { ownerId: feed.ownerId, key: "outputId", ids: job.outputIds })) {
      const message =
        "A job that has not ended takes a picture of this one. Cancel that job, or wait until it has ended.";
      throw new DarkroomError("JOB_NOT_ENDED", message);
    }
    return clearJobs(tx, feed, [jobId]);
  });
}

/** Throws `JOB_NOT_ENDED` unless `state` is a last one. */
export function assertEnded(state: JobState): void {
  if (isTerminal(state)) return;
  const message =
    state === "canceling"
      ? "This job is being canceled. Remove it once that is done."
      : `This job is ${state}. Cancel it or wait until it has ended, then remove it.`;
  throw new DarkroomError("JOB_NOT_ENDED", message);
}

/** Empties the rows of ended jobs and tells of it. The feed, and the jobs' rows, must be locked. */
export async function clearJobs(tx: Transaction, feed: LockedFeed, jobIds: readonly string[]): Promise<OwnedEvent[]> {
  const cleared = await tx<{ jobId: string; version: number; attempt: number }[]>`
    WITH cleared AS (
      UPDATE jobs SET removed_at = ${clock(tx)}, version = version + 1, inputs = '{}', search_text = '', seed = NULL, metadata = NULL,
        failure = NULL, favorite = false
      WHERE id = ANY(${[...jobIds]}::uuid[]) RETURNING id, version, attempt
    ), files AS (
      DELETE FROM outputs o USING cleared WHERE o.job_id = cleared.id
    ), tried AS (
      UPDATE attempts a SET failure = NULL, graph = NULL, run = NULL FROM cleared WHERE a.job_id = cleared.id
    )
    SELECT id AS "jobId", version, attempt FROM cleared ORDER BY id`;
  return appendEvents(
    tx,
    feed,
    cleared.map((job) => ({ type: "job.removed", ...job, at: feed.at })),
  );
}
