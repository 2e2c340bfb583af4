import type { Submission } from "@darkroom/db";
import type { Stage } from "./stage.ts";

// What somebody would write by hand who needs the rows and nothing else: no limits, no keys, no fences.

/** A job, its event and its place in the owner's feed, in one statement. */
export async function insertJob({ database: { sql } }: Stage, { ownerId, jobs: [job] }: Submission): Promise<void> {
  if (job === undefined) throw new Error("nothing to insert");
  const event = { type: "job.queued", jobId: job.jobId, version: 1, attempt: 0, batchId: null };
  await sql`
    WITH head AS (
      UPDATE owner_feeds SET seq = seq + 1 WHERE owner_id = ${ownerId} RETURNING seq
    ), job AS (
      INSERT INTO jobs (id, owner_id, workflow_id, workflow_version_id, idempotency_key, inputs_hash, inputs, search_text, seed,
        priority, version, capability, capability_key, run_after, created_at, queued_at, changed_at)
      VALUES (${job.jobId}, ${ownerId}, ${job.workflowId}, ${job.workflowVersionId}, ${job.jobId}, ${job.inputsHash},
        ${sql.json(job.inputs)}, ${String(job.inputs.prompt)}, ${job.seed}, ${job.priority}, 1, ${sql.json({ ...job.capability })},
        ${job.capabilityKey}, now(), now(), now(), now())
    )
    INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
    SELECT ${ownerId}, seq, ${job.jobId}, 1, 0, 'job.queued', ${sql.json(event)}, now() FROM head`;
}

/** A job that waits, the oldest unless one is named, running from now on, with its event; null if there is none. */
export async function claimOne({ database: { sql } }: Stage, named?: string): Promise<string | null> {
  const oldest = sql`(SELECT id FROM jobs WHERE state = 'queued' ORDER BY queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)`;
  const [row] = await sql<{ id: string }[]>`
    WITH job AS (
      UPDATE jobs SET state = 'running', attempt = attempt + 1, version = version + 1, started_at = now(),
        lease_until = now() + interval '30 seconds', changed_at = now()
      WHERE id = ${named ?? oldest} AND state = 'queued'
      RETURNING id, owner_id, version, attempt, inputs, workflow_version_id
    ), tried AS (
      INSERT INTO attempts (job_id, attempt, worker_id, backend_id, started_at) SELECT id, attempt, 'w', 'b', now() FROM job
    ), head AS (
      UPDATE owner_feeds f SET seq = seq + 1 FROM job WHERE f.owner_id = job.owner_id RETURNING seq
    ), event AS (
      INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
      SELECT owner_id, seq, id, version, attempt, 'job.started', jsonb_build_object('jobId', id), now() FROM job, head
    )
    SELECT job.id, job.inputs, v.graph FROM job JOIN workflow_versions v ON v.id = job.workflow_version_id`;
  return row?.id ?? null;
}

/** A job that runs, succeeded from now on, with its event. */
export async function settleOne({ database: { sql } }: Stage, jobId: string): Promise<void> {
  await sql`
    WITH job AS (
      UPDATE jobs SET state = 'succeeded', version = version + 1, finished_at = now(), lease_until = NULL, changed_at = now()
      WHERE id = ${jobId} RETURNING id, owner_id, version, attempt
    ), tried AS (
      UPDATE attempts t SET ended_at = now(), outcome = 'succeeded' FROM job WHERE t.job_id = job.id AND t.attempt = job.attempt
    ), head AS (
      UPDATE owner_feeds f SET seq = seq + 1 FROM job WHERE f.owner_id = job.owner_id RETURNING seq
    )
    INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
    SELECT owner_id, seq, id, version, attempt, 'job.succeeded', jsonb_build_object('jobId', id), now() FROM job, head`;
}
