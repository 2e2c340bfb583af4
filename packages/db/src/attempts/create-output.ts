import type { OwnedEvent } from "@darkroom/contracts";
import { appendEvents, lockFeedOfJob } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { clock } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { type NewOutput, outputOf } from "../reads/output-view.ts";

/**
 * Records a stored file as the attempt's `ordinal`-th output, with `output.created`. No event if that output is there
 * already (the answer of the first try was lost); null if the attempt lost the job.
 */
export async function createOutput(
  database: Database,
  creation: { jobId: string; attempt: number; ordinal: number; output: NewOutput },
): Promise<OwnedEvent[] | null> {
  const { jobId, attempt, ordinal, output } = creation;
  return inTransaction(database, async (tx) => {
    const feed = await lockFeedOfJob(tx, jobId);
    if (feed === null) return null;
    const [fenced] = await tx<{ workflowId: string }[]>`
      SELECT workflow_id AS "workflowId" FROM jobs
      WHERE id = ${jobId} AND attempt = ${attempt} AND state IN ('running', 'canceling') FOR UPDATE`;
    if (fenced === undefined) return null;
    const [job] = await tx<{ version: number }[]>`
      WITH stored AS (
        INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, workflow_id, sha256, storage_key, kind, mime_type, width, height,
          duration_seconds, size_bytes, seed, created_at)
        VALUES (${output.outputId}, ${jobId}, ${attempt}, ${ordinal}, ${feed.ownerId}, ${fenced.workflowId}, ${output.sha256},
          ${output.storageKey}, ${output.kind}, ${output.mimeType}, ${output.width}, ${output.height}, ${output.durationSeconds ?? null},
          ${output.sizeBytes}, ${output.seed}, ${clock(tx)})
        ON CONFLICT (job_id, attempt, ordinal) DO NOTHING RETURNING job_id
      )
      UPDATE jobs SET version = version + 1, made_files = made_files + 1, made_bytes = made_bytes + ${output.sizeBytes}
      FROM stored WHERE jobs.id = stored.job_id RETURNING version`;
    if (job === undefined) return [];
    const event = { jobId, version: job.version, attempt, at: feed.at, output: outputOf(jobId, output) };
    return appendEvents(tx, feed, [{ type: "output.created", ...event }]);
  });
}
